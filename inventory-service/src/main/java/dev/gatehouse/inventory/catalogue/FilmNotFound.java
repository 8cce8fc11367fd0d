package dev.gatehouse.inventory.catalogue;

import java.util.UUID;

/** No film has this id. */
public final class FilmNotFound extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public FilmNotFound(UUID id) {
        super("There is no film " + id, null, false, false);
    }
}
