package dev.gatehouse.billing.inventory;

import dev.gatehouse.billing.money.Money;
import java.util.Objects;
import java.util.UUID;

/** The part of inventory's film that billing reads. */
record FilmResponse(UUID id, String title, Money price) {

    FilmResponse {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(price, "price");
    }
}
