/** What customers may ask about the data that is kept of them: to have it, and to have it forgotten. */
@NullMarked
package dev.gatehouse.billing.privacy;

import org.jspecify.annotations.NullMarked;
