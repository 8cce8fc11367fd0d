package dev.gatehouse.inventory.stock;

import java.util.UUID;

/** Copies of the film are held for an order: it cannot leave the catalogue now. */
public final class FilmReserved extends RuntimeException {

    private static final long serialVersionUID = 1L;

    FilmReserved(UUID filmId) {
        super("Copies of film " + filmId + " are held for an order", null, false, false);
    }
}
