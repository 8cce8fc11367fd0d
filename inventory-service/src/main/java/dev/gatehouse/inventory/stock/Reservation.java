package dev.gatehouse.inventory.stock;

import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.FetchType;
import jakarta.persistence.Id;
import jakarta.persistence.JoinColumn;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.hibernate.annotations.BatchSize;
import org.hibernate.annotations.Fetch;
import org.hibernate.annotations.FetchMode;
import org.hibernate.annotations.SourceType;
import org.hibernate.annotations.UpdateTimestamp;
import org.jspecify.annotations.Nullable;

/** Copies set aside for one order. The row is always locked while its state is decided on. */
@Entity
@Table(name = "reservations")
public class Reservation {

    /**
     * The order in which stock rows are locked, everywhere: two reservations of the same films then wait for each other
     * instead of dying in a deadlock. PostgreSQL sorts ids the same way, {@link UUID#compareTo} does not.
     */
    static final Comparator<UUID> LOCK_ORDER = Comparator.comparing(UUID::toString);

    @Id
    @Column(name = "order_id")
    private UUID orderId;

    @Enumerated(EnumType.STRING)
    @Column(name = "state")
    private ReservationState state;

    @Column(name = "expires_at", updatable = false)
    private @Nullable Instant expiresAt;

    @UpdateTimestamp(source = SourceType.DB)
    @Column(name = "updated_at")
    private Instant updatedAt;

    // A select of its own: PostgreSQL does not lock the far side of an outer join.
    @ElementCollection(fetch = FetchType.EAGER)
    @Fetch(FetchMode.SELECT)
    @BatchSize(size = 100)
    @CollectionTable(name = "reservation_lines", joinColumns = @JoinColumn(name = "order_id"))
    private List<ReservationLine> lines = new ArrayList<>();

    /** For Hibernate: rows begin as an insert that tells who was first. */
    protected Reservation() {}

    public UUID orderId() {
        return orderId;
    }

    public ReservationState state() {
        return state;
    }

    /** By the database clock; null when it was released before it was made. */
    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** By film, in lock order. */
    public List<ReservationLine> lines() {
        return lines.stream()
                .sorted(Comparator.comparing(ReservationLine::filmId, LOCK_ORDER))
                .toList();
    }

    void hold(List<ReservationLine> held) {
        require(state == ReservationState.HELD && lines.isEmpty(), "is not new");
        lines.addAll(held);
    }

    /** @throws ReservationConflict when the repetition asks for something else; a tombstone fits everything */
    void repeat(ReservationRequest request) {
        Map<UUID, Integer> held =
                lines.stream().collect(Collectors.toMap(ReservationLine::filmId, ReservationLine::quantity));
        require(held.isEmpty() || held.equals(request.quantities()), "was made with other lines");
    }

    /**
     * @return whether this call confirmed it; false: an earlier one did
     * @throws ReservationConflict when it was given back
     */
    boolean confirm() {
        require(state == ReservationState.HELD || state == ReservationState.CONFIRMED, "is " + state);
        return end(ReservationState.CONFIRMED);
    }

    /**
     * @return whether this call gave the copies back; false: an earlier one, or its expiry, did
     * @throws ReservationConflict when it was confirmed
     */
    boolean release() {
        require(state != ReservationState.CONFIRMED, "is " + state);
        return end(ReservationState.RELEASED);
    }

    void expire() {
        require(state == ReservationState.HELD, "is " + state);
        end(ReservationState.EXPIRED);
    }

    private boolean end(ReservationState next) {
        if (state != ReservationState.HELD) {
            return false;
        }
        state = next;
        return true;
    }

    private void require(boolean allowed, String otherwise) {
        if (!allowed) {
            throw new ReservationConflict("The reservation of order " + orderId + " " + otherwise);
        }
    }
}
