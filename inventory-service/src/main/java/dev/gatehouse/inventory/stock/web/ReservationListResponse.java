package dev.gatehouse.inventory.stock.web;

import dev.gatehouse.inventory.stock.Reservation;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

@Schema(
        name = "ReservationList",
        requiredProperties = {"items"})
record ReservationListResponse(List<ReservationResponse> items) {

    static ReservationListResponse from(List<Reservation> reservations) {
        return new ReservationListResponse(
                reservations.stream().map(ReservationResponse::from).toList());
    }
}
