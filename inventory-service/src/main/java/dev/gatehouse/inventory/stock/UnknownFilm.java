package dev.gatehouse.inventory.stock;

import java.util.List;
import java.util.UUID;

/** A reservation names films that are not in the catalogue; nothing was held. */
public final class UnknownFilm extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Line> lines;

    UnknownFilm(List<Line> lines) {
        super("Not in the catalogue: " + lines, null, false, false);
        this.lines = List.copyOf(lines);
    }

    public List<Line> lines() {
        return lines;
    }

    /** @param field of the request that names the film */
    public record Line(String field, UUID filmId) {}
}
