/** The whole platform: its services as processes that are started, watched, restarted, hurt and stopped. */
@NullMarked
package dev.gatehouse.devstack.supervisor;

import org.jspecify.annotations.NullMarked;
