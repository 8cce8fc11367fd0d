/** Operating-system processes and ports: what every part of the platform is made of. */
@NullMarked
package dev.gatehouse.devstack.process;

import org.jspecify.annotations.NullMarked;
