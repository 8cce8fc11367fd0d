package dev.gatehouse.billing.inventory;

import dev.gatehouse.billing.money.Money;
import java.util.UUID;

/** What a film is called and costs at this moment. */
public record FilmQuote(UUID filmId, String title, Money unitPrice) {}
