package dev.gatehouse.inventory.catalogue;

import java.util.UUID;

/** A film is about to go. Published inside the transaction: whoever still needs it may refuse by throwing. */
public record FilmDeleted(UUID id, long version) {}
