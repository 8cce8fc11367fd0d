package dev.gatehouse.inventory.catalogue;

import dev.gatehouse.inventory.input.JsonFields;
import java.util.Currency;

/**
 * An amount of money.
 *
 * @param amountMinor in the currency's minor unit: 1299 is 12.99 EUR
 * @param currency ISO 4217 code
 */
public record Money(long amountMinor, String currency) {

    public static final long MAX_AMOUNT_MINOR = 100_000_000;

    static Money read(JsonFields fields) {
        long amount = fields.integer("amountMinor", 0, MAX_AMOUNT_MINOR);
        String currency = fields.text("currency", 3);
        if (!currency.isEmpty() && !isCurrency(currency)) {
            fields.refuse("currency", "unknown-currency", "must be an ISO 4217 currency code, such as EUR");
        }
        return new Money(amount, currency);
    }

    /** Whether one can pay with it: codes for metals, funds and tests have no minor unit. */
    public static boolean isCurrency(String code) {
        try {
            return Currency.getInstance(code).getDefaultFractionDigits() >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
