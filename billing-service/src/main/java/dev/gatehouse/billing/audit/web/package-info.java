/** Reading over HTTP what operators did. */
@NullMarked
package dev.gatehouse.billing.audit.web;

import org.jspecify.annotations.NullMarked;
