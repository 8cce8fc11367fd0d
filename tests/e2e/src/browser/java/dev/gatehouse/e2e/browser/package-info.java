/** What a real Chromium sees: the API page, its login, and pages of other origins. */
@NullMarked
package dev.gatehouse.e2e.browser;

import org.jspecify.annotations.NullMarked;
