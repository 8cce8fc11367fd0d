package dev.gatehouse.inventory.stock;

import java.util.UUID;

/**
 * The copies of one film.
 *
 * @param available can be reserved; never negative
 * @param reserved held for orders that are not confirmed yet
 * @param version one more with every change; 0 when there never was any stock
 */
public record StockLevel(UUID filmId, long available, long reserved, long version) {}
