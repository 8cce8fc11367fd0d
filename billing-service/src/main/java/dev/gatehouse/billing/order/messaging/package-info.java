/** Orders over AMQP: messages that point at an order whose next step may be due. */
@NullMarked
package dev.gatehouse.billing.order.messaging;

import org.jspecify.annotations.NullMarked;
