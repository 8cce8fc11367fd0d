/** What operators did, or were refused: written with the effect, never changed. */
@NullMarked
package dev.gatehouse.billing.audit;

import org.jspecify.annotations.NullMarked;
