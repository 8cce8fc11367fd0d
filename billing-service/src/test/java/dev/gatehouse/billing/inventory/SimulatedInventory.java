package dev.gatehouse.billing.inventory;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** Inventory's interface as billing sees it, answered by a model of the other service. */
public final class SimulatedInventory extends InventoryClient {

    private final Answers answers;

    public SimulatedInventory(Answers answers) {
        super(
                null,
                null,
                new InventoryProperties(
                        URI.create("http://inventory.invalid"),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(3),
                        32,
                        Duration.ofMillis(250),
                        Duration.ofMinutes(30)));
        this.answers = answers;
    }

    @Override
    public Reservation reserve(UUID orderId, List<ReservationLine> lines) {
        return answers.reserve(orderId, lines);
    }

    @Override
    public Reservation confirm(UUID orderId) {
        return answers.confirm(orderId);
    }

    @Override
    public Reservation release(UUID orderId) {
        return answers.release(orderId);
    }

    /** The other service, seen over the network. */
    public interface Answers {

        Reservation reserve(UUID orderId, List<ReservationLine> lines);

        Reservation confirm(UUID orderId);

        Reservation release(UUID orderId);
    }
}
