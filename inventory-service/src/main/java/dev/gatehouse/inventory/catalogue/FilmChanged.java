package dev.gatehouse.inventory.catalogue;

import java.util.UUID;

/** A film was created or changed. Published inside the transaction. */
record FilmChanged(UUID id, long version) {}
