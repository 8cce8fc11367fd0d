package dev.gatehouse.billing.inventory;

import java.util.List;
import java.util.UUID;

/** Final answer: inventory has too few copies of at least one film and holds none of the order. */
public class InsufficientStock extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<UUID> filmIds;

    public InsufficientStock(String detail, List<UUID> filmIds) {
        super(detail);
        this.filmIds = List.copyOf(filmIds);
    }

    /** The films that are short, as far as inventory named them. */
    public List<UUID> filmIds() {
        return filmIds;
    }
}
