/** The description of this service's HTTP interface. */
@NullMarked
package dev.gatehouse.billing.openapi;

import org.jspecify.annotations.NullMarked;
