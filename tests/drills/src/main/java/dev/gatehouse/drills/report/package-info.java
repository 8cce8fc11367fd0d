/** What was seen, kept as data and shown as a page. */
@NullMarked
package dev.gatehouse.drills.report;

import org.jspecify.annotations.NullMarked;
