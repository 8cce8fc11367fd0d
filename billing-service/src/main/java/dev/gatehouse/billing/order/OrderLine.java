package dev.gatehouse.billing.order;

import dev.gatehouse.billing.money.Money;
import java.util.UUID;

/**
 * Copies of one film.
 *
 * @param quantity copies, 1 to 100
 * @param unitPrice the price of one copy that the customer saw and agreed to
 */
public record OrderLine(UUID filmId, int quantity, Money unitPrice) {

    Money subtotal() {
        return unitPrice.times(quantity);
    }
}
