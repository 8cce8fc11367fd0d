package dev.gatehouse.inventory.cache;

/**
 * A value as its owner keeps it.
 *
 * @param version grows with every change of the value
 * @param body the value as text
 */
public record Versioned(long version, String body) {}
