/** The real stores the services need: PostgreSQL, Redis, an AMQP broker, and a token issuer for tests. */
@NullMarked
package dev.gatehouse.devstack.stores;

import org.jspecify.annotations.NullMarked;
