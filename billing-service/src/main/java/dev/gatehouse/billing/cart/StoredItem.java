package dev.gatehouse.billing.cart;

import dev.gatehouse.billing.money.Money;

/** A cart's item as the store holds it, in a hash field named by the film's id. */
record StoredItem(String title, int quantity, Money unitPrice) {}
