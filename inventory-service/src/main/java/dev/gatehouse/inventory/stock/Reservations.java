package dev.gatehouse.inventory.stock;

import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** All reservations. Whoever inserts the row of an order first decides what it is; the others find it. */
@Repository
class Reservations {

    private final EntityManager entities;
    private final JdbcClient jdbc;

    Reservations(EntityManager entities, JdbcClient jdbc) {
        this.entities = entities;
        this.jdbc = jdbc;
    }

    /** @return whether the order had no reservation; waits for a transaction that is just making one */
    boolean open(UUID orderId, Duration holdFor) {
        return jdbc.sql("""
                        INSERT INTO reservations (order_id, state, expires_at)
                        VALUES (?, 'HELD', now() + make_interval(secs => ?)) ON CONFLICT DO NOTHING""").params(orderId, holdFor.toSeconds()).update() == 1;
    }

    /** @return whether the order had no reservation, and now never will have */
    boolean bury(UUID orderId) {
        return jdbc.sql("INSERT INTO reservations (order_id, state) VALUES (?, 'RELEASED') ON CONFLICT DO NOTHING")
                        .param(orderId)
                        .update()
                == 1;
    }

    Optional<Reservation> locked(UUID orderId) {
        return Optional.ofNullable(entities.find(Reservation.class, orderId, LockModeType.PESSIMISTIC_WRITE));
    }

    Optional<Reservation> find(UUID orderId) {
        return Optional.ofNullable(entities.find(Reservation.class, orderId));
    }

    /** Those of the orders that have one, by order id. */
    List<Reservation> find(Collection<UUID> orderIds) {
        return entities.createQuery(
                        "SELECT r FROM Reservation r WHERE r.orderId IN :orderIds ORDER BY r.orderId",
                        Reservation.class)
                .setParameter("orderIds", orderIds)
                .getResultList();
    }

    /** One whose time is over, locked; other instances take others meanwhile. */
    Optional<Reservation> lockOneDue() {
        return jdbc.sql("""
                        SELECT order_id FROM reservations WHERE state = 'HELD' AND expires_at <= now()
                        ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED""").query(UUID.class).optional().flatMap(this::locked);
    }
}
