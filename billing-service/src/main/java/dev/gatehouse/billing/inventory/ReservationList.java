package dev.gatehouse.billing.inventory;

import java.util.List;

/** Inventory's answer about several orders. */
record ReservationList(List<ReservationState> items) {

    ReservationList {
        items = List.copyOf(items);
    }
}
