package dev.gatehouse.inventory.stock;

import java.util.List;
import java.util.UUID;

/** There are fewer copies than asked for; nothing was changed. */
public final class InsufficientStock extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Shortage> shortages;

    InsufficientStock(List<Shortage> shortages) {
        super("Not enough stock: " + shortages, null, false, false);
        this.shortages = List.copyOf(shortages);
    }

    /** One for each film that there is too little of. */
    public List<Shortage> shortages() {
        return shortages;
    }

    /**
     * @param field of the request that asked for them
     * @param available when it was looked at
     */
    public record Shortage(String field, UUID filmId, long asked, long available) {}
}
