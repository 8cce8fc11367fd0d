package dev.gatehouse.inventory.stock;

import java.util.UUID;

/**
 * Copies that came or went otherwise than by an order.
 *
 * @param id chosen by the caller: the same adjustment sent twice counts once
 * @param delta copies, never zero
 * @param reason for people
 */
public record Adjustment(UUID id, long delta, String reason) {

    public static final long MAX_DELTA = 1_000_000;
}
