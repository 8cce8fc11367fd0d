package dev.gatehouse.inventory.catalogue;

import java.util.UUID;

/** The film is not at the version that the caller knows. */
public final class FilmChangedMeanwhile extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long version;

    FilmChangedMeanwhile(UUID id, long version) {
        super("Film " + id + " is at version " + version, null, false, false);
        this.version = version;
    }

    /** The version that the film is at. */
    public long version() {
        return version;
    }
}
