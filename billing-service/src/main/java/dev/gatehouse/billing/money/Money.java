package dev.gatehouse.billing.money;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.Currency;

/**
 * An amount that someone asks, owes or pays. Never negative: direction is the business of whoever moves the money.
 *
 * @param amountMinor whole minor units of the currency (cents for EUR, yen for JPY), zero or more
 * @param currency ISO 4217 code in upper case of a currency that has minor units
 */
@Schema(
        description = "An amount of money",
        requiredProperties = {"amountMinor", "currency"})
public record Money(
        @Schema(description = "Whole minor units of the currency", minimum = "0", example = "1299")
        long amountMinor,

        @Schema(description = "ISO 4217 code", pattern = "^[A-Z]{3}$", example = "EUR")
        String currency) {

    /** @throws IllegalArgumentException for a negative amount or a code that ISO 4217 does not list as money */
    public Money {
        if (amountMinor < 0) {
            throw new IllegalArgumentException("An amount of money is not negative: " + amountMinor);
        }
        if (!isCurrency(currency)) {
            throw new IllegalArgumentException("Not an ISO 4217 currency code: " + currency);
        }
    }

    public static Money zero(String currency) {
        return new Money(0, currency);
    }

    /** Whether the text is an upper-case ISO 4217 code of spendable money (not of gold, tests or "no currency"). */
    public static boolean isCurrency(String code) {
        try {
            return Currency.getInstance(code).getDefaultFractionDigits() >= 0;
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }

    @JsonIgnore // or it would be a member of every amount that is written
    public boolean isZero() {
        return amountMinor == 0;
    }

    public boolean sameCurrency(Money other) {
        return currency.equals(other.currency);
    }

    /**
     * @throws IllegalArgumentException when the currencies differ
     * @throws ArithmeticException when the sum exceeds a long
     */
    public Money plus(Money other) {
        if (!sameCurrency(other)) {
            throw new IllegalArgumentException("Cannot add " + other.currency + " to " + currency);
        }
        return new Money(Math.addExact(amountMinor, other.amountMinor), currency);
    }

    /** @throws IllegalArgumentException when the currencies differ or less than nothing would be left */
    public Money minus(Money other) {
        if (!sameCurrency(other)) {
            throw new IllegalArgumentException("Cannot take " + other.currency + " from " + currency);
        }
        return new Money(Math.subtractExact(amountMinor, other.amountMinor), currency);
    }

    /**
     * @throws IllegalArgumentException when the factor is negative
     * @throws ArithmeticException when the product exceeds a long
     */
    public Money times(int factor) {
        return new Money(Math.multiplyExact(amountMinor, (long) factor), currency);
    }

    @Override
    public String toString() {
        return amountMinor + " " + currency;
    }
}
