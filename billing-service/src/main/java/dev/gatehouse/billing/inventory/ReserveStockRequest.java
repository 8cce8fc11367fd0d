package dev.gatehouse.billing.inventory;

import java.util.List;

/** @param expiresInSeconds how long the stock is held if nobody confirms or releases it */
record ReserveStockRequest(List<ReservationLine> lines, long expiresInSeconds) {}
