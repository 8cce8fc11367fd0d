package dev.gatehouse.inventory.catalogue;

import java.time.Instant;
import java.util.UUID;

/**
 * A film as it stands in the catalogue.
 *
 * @param id UUIDv7, never used again after the film is gone
 * @param version from 1, one more with every change
 * @param createdAt by the database clock
 * @param updatedAt by the database clock
 */
public record Film(UUID id, FilmDetails details, long version, Instant createdAt, Instant updatedAt) {}
