package dev.gatehouse.billing.inventory;

import java.util.List;
import java.util.UUID;

/** Final answer: the order names at least one film that inventory does not sell; nothing is held. */
public class UnknownFilm extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<UUID> filmIds;

    public UnknownFilm(String detail, List<UUID> filmIds) {
        super(detail);
        this.filmIds = List.copyOf(filmIds);
    }

    /** The films inventory does not know, as far as it named them. */
    public List<UUID> filmIds() {
        return filmIds;
    }
}
