/** Who may call which operation, decided from the access token alone. */
@NullMarked
package dev.gatehouse.inventory.security;

import org.jspecify.annotations.NullMarked;
