/** Reconciliations for operators, over HTTP. */
@NullMarked
package dev.gatehouse.billing.reconciliation.web;

import org.jspecify.annotations.NullMarked;
