package dev.gatehouse.billing.simulation;

import dev.gatehouse.billing.inventory.InsufficientStock;
import dev.gatehouse.billing.inventory.InventoryUnavailable;
import dev.gatehouse.billing.inventory.Reservation;
import dev.gatehouse.billing.inventory.Reservation.State;
import dev.gatehouse.billing.inventory.ReservationConflict;
import dev.gatehouse.billing.inventory.ReservationLine;
import dev.gatehouse.billing.inventory.SimulatedInventory;
import dev.gatehouse.billing.money.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The other service: its stock, its reservations, and the network to it. Independent of what billing believes. */
final class InventoryModel implements SimulatedInventory.Answers {

    private static final long TIMEOUT_MILLIS = 3_000;

    private final Simulation simulation;
    private final Duration holdFor;
    private final Map<UUID, Film> films = new LinkedHashMap<>();
    private final Map<UUID, Held> reservations = new LinkedHashMap<>();

    InventoryModel(Simulation simulation, Duration holdFor) {
        this.simulation = simulation;
        this.holdFor = holdFor;
    }

    void stock(UUID film, Money price, int copies) {
        films.put(film, new Film(price, copies));
    }

    @Override
    public Reservation reserve(UUID orderId, List<ReservationLine> lines) {
        return call("inventory.reserve", () -> {
            Held known = reservations.get(orderId);
            if (known != null) {
                return known.answer(orderId);
            }
            if (simulation.happens(Fault.PRICE_CHANGED)) {
                Film film = films(lines).getFirst();
                film.price = film.price.plus(new Money(1, film.price.currency()));
            }
            for (ReservationLine line : lines) {
                if (film(line).available < line.quantity()) {
                    throw new InsufficientStock("Too few", List.of(line.filmId()));
                }
            }
            lines.forEach(line -> film(line).hold(line.quantity()));
            Held held = new Held(lines, simulation.now() + holdFor.toMillis());
            reservations.put(orderId, held);
            simulation.after(holdFor.toMillis() + simulation.chance().between(0, 5_000), () -> {
                if (held.state == State.HELD) {
                    simulation.note("reservation expires", "");
                    giveBack(held, State.EXPIRED);
                }
            });
            check();
            return held.answer(orderId);
        });
    }

    @Override
    public Reservation confirm(UUID orderId) {
        return call("inventory.confirm", () -> {
            Held held = reservations.get(orderId);
            if (held == null) {
                throw unavailable();
            }
            if (held.state == State.HELD) {
                held.state = State.CONFIRMED;
                held.lines.forEach(line -> {
                    film(line).reserved -= line.quantity();
                    film(line).sold += line.quantity();
                });
                check();
            }
            if (held.state != State.CONFIRMED) {
                throw new ReservationConflict("The reservation is " + held.state);
            }
            return held.answer(orderId);
        });
    }

    @Override
    public Reservation release(UUID orderId) {
        return call("inventory.release", () -> {
            Held held = reservations.computeIfAbsent(orderId, id -> {
                Held tombstone = new Held(List.of(), 0);
                tombstone.state = State.RELEASED;
                return tombstone;
            });
            if (held.state == State.CONFIRMED) {
                throw new ReservationConflict("The reservation is CONFIRMED");
            }
            if (held.state == State.HELD) {
                giveBack(held, State.RELEASED);
                check();
            }
            return held.answer(orderId);
        });
    }

    private void giveBack(Held held, State end) {
        held.state = end;
        held.lines.forEach(line -> film(line).hold(-line.quantity()));
    }

    private <T> T call(String name, Supplier<T> effect) {
        return simulation.call(name, TIMEOUT_MILLIS, false, effect, InventoryModel::unavailable, () -> {});
    }

    private static InventoryUnavailable unavailable() {
        return new InventoryUnavailable("No usable answer", Duration.ofSeconds(2), null);
    }

    private Film film(ReservationLine line) {
        return Objects.requireNonNull(films.get(line.filmId()));
    }

    private List<Film> films(List<ReservationLine> lines) {
        return lines.stream().map(this::film).toList();
    }

    /** Stock is neither made nor lost nor sold twice, at every moment. */
    private void check() {
        films.values().forEach(film -> {
            if (film.available < 0
                    || film.reserved < 0
                    || film.available + film.reserved + film.sold != film.beginning) {
                throw new Violation("I4", "stock is " + film);
            }
        });
    }

    Money price(UUID film) {
        return Objects.requireNonNull(films.get(film)).price;
    }

    @Nullable
    State state(UUID orderId) {
        Held held = reservations.get(orderId);
        return held == null ? null : held.state;
    }

    long sold() {
        return films.values().stream().mapToLong(film -> film.sold).sum();
    }

    long reserved() {
        return films.values().stream().mapToLong(film -> film.reserved).sum();
    }

    private static final class Film {

        private final int beginning;
        private Money price;
        private int available;
        private int reserved;
        private int sold;

        Film(Money price, int copies) {
            this.price = price;
            this.beginning = copies;
            this.available = copies;
        }

        private void hold(int copies) {
            available -= copies;
            reserved += copies;
        }

        @Override
        public String toString() {
            return available + " available, " + reserved + " reserved, " + sold + " sold of " + beginning;
        }
    }

    private final class Held {

        private final List<ReservationLine> lines;
        private final long expiresAt;
        private State state = State.HELD;

        Held(List<ReservationLine> lines, long expiresAt) {
            this.lines = lines;
            this.expiresAt = expiresAt;
        }

        private Reservation answer(UUID orderId) {
            return new Reservation(
                    orderId,
                    state,
                    lines.stream()
                            .map(line ->
                                    new Reservation.Line(line.filmId(), line.quantity(), film(line).price, "A film"))
                            .toList(),
                    Instant.ofEpochMilli(expiresAt));
        }
    }
}
