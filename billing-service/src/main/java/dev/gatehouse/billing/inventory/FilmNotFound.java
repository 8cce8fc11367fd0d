package dev.gatehouse.billing.inventory;

import java.util.UUID;

/** Final answer: no film has this id. */
public class FilmNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FilmNotFound(UUID filmId) {
        super("No film has the id " + filmId);
    }
}
