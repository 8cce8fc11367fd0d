package dev.gatehouse.drills.check;

import dev.gatehouse.devstack.stores.Database;
import dev.gatehouse.devstack.supervisor.Platform;
import dev.gatehouse.devstack.supervisor.Service;
import dev.gatehouse.drills.check.Records.Moved;
import dev.gatehouse.drills.check.Records.Shelf;
import dev.gatehouse.drills.check.Records.StoredOrder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;

/** Reads the services' databases from outside, straight from the tables. */
public final class Stores {

    private final Map<Service, Database> databases;
    /** Sessions for the many small questions: each new one costs a key derivation. */
    private final Map<Service, Connection> kept = new EnumMap<>(Service.class);

    private volatile int postgresPort;

    public Stores(Platform platform) {
        // Once: asking for a database also makes it.
        this.databases = Map.of(
                Service.BILLING, platform.database(Service.BILLING),
                Service.INVENTORY, platform.database(Service.INVENTORY));
        this.postgresPort = platform.postgres().port();
    }

    /** From now on the server on this port of the loopback address is the one that counts. */
    public void readFrom(int port) {
        postgresPort = port;
        synchronized (kept) {
            Set.copyOf(kept.keySet()).forEach(this::drop);
        }
    }

    /** Everything the tables tell about these films and their orders. */
    public Records records(Collection<UUID> films) {
        return new Records(orders(films), ordersByKey(), shelves(films), ledgerSum(), wrongLedgers(), unsent());
    }

    /** Orders for these films, by id. */
    private Map<UUID, StoredOrder> orders(Collection<UUID> films) {
        return with(Service.BILLING, connection -> {
            Map<UUID, List<Moved>> history = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT t.order_id, t.version, t.state, t.at FROM order_transitions t
                    WHERE EXISTS (SELECT FROM order_lines l WHERE l.order_id = t.order_id AND l.film_id = ANY (?))
                    ORDER BY t.order_id, t.version""")) {
                query.setArray(1, connection.createArrayOf("uuid", films.toArray()));
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    history.computeIfAbsent(rows.getObject(1, UUID.class), id -> new ArrayList<>())
                            .add(new Moved(
                                    rows.getInt(2),
                                    rows.getString(3),
                                    rows.getObject(4, OffsetDateTime.class).toInstant()));
                }
            }
            Map<UUID, StoredOrder> orders = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT o.id, o.state, o.version, o.total_minor, l.film_id, l.quantity
                    FROM orders o JOIN order_lines l ON l.order_id = o.id WHERE l.film_id = ANY (?)""")) {
                query.setArray(1, connection.createArrayOf("uuid", films.toArray()));
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    UUID id = rows.getObject(1, UUID.class);
                    orders.put(
                            id,
                            new StoredOrder(
                                    id,
                                    rows.getString(2),
                                    rows.getInt(3),
                                    rows.getLong(4),
                                    rows.getObject(5, UUID.class),
                                    rows.getInt(6),
                                    history.getOrDefault(id, List.of())));
                }
            }
            return orders;
        });
    }

    /** When orders for these films came to be confirmed, in time's order. */
    public List<Instant> confirmations(Collection<UUID> films) {
        return orders(films).values().stream()
                .flatMap(order -> order.history().stream())
                .filter(moved -> moved.state().equals("CONFIRMED"))
                .map(Moved::at)
                .sorted()
                .toList();
    }

    /** Which order the platform remembers for each key. */
    private Map<String, UUID> ordersByKey() {
        return with(Service.BILLING, connection -> {
            Map<String, UUID> orders = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement(
                    "SELECT key, headers ->> 'Location' FROM idempotency_keys WHERE status BETWEEN 200 AND 299")) {
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    String location = rows.getString(2);
                    if (location != null) {
                        orders.put(
                                rows.getString(1), UUID.fromString(location.substring(location.lastIndexOf('/') + 1)));
                    }
                }
            }
            return orders;
        });
    }

    /** What became of each film's stock. */
    private Map<UUID, Shelf> shelves(Collection<UUID> films) {
        return with(Service.INVENTORY, connection -> {
            Map<UUID, Shelf> shelves = new HashMap<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT s.film_id, s.available, s.reserved,
                        coalesce((SELECT sum(l.quantity) FROM reservation_lines l JOIN reservations r USING (order_id)
                                  WHERE l.film_id = s.film_id AND r.state = 'CONFIRMED'), 0)
                    FROM stock_levels s WHERE s.film_id = ANY (?)""")) {
                query.setArray(1, connection.createArrayOf("uuid", films.toArray()));
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    shelves.put(
                            rows.getObject(1, UUID.class),
                            new Shelf(rows.getLong(2), rows.getLong(3), rows.getLong(4)));
                }
            }
            return shelves;
        });
    }

    /** Messages that billing says it has sent about orders for these films. */
    public List<UUID> sentMessages(Collection<UUID> films) {
        return with(Service.BILLING, connection -> {
            List<UUID> sent = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT o.id FROM outbox o WHERE o.sent_at IS NOT NULL AND EXISTS (
                        SELECT FROM order_lines l WHERE l.order_id = o.aggregate_id AND l.film_id = ANY (?))""")) {
                query.setArray(1, connection.createArrayOf("uuid", films.toArray()));
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    sent.add(rows.getObject(1, UUID.class));
                }
            }
            return sent;
        });
    }

    /** Orders that have work left, parked ones too. */
    public long ordersAtWork() {
        return number(Service.BILLING, "SELECT count(*) FROM order_steps");
    }

    /** Orders that wait for an operator. */
    public long parkedOrders() {
        return number(Service.BILLING, "SELECT count(*) FROM order_steps WHERE parked_at IS NOT NULL");
    }

    /** Messages that have not left. */
    public long unsent() {
        return number(Service.BILLING, "SELECT count(*) FROM outbox WHERE sent_at IS NULL");
    }

    /** Messages put aside. */
    public long parkedMessages() {
        return number(Service.BILLING, "SELECT count(*) FROM parked_messages");
    }

    /** What all entries of the ledger sum to. */
    public long ledgerSum() {
        return number(Service.BILLING, "SELECT coalesce(sum(amount_minor), 0) FROM ledger_entries");
    }

    /** Orders whose ledger does not say what their end says: sold ones with their total, others with nothing. */
    private List<String> wrongLedgers() {
        return with(Service.BILLING, connection -> {
            List<String> wrong = new ArrayList<>();
            try (PreparedStatement query = connection.prepareStatement("""
                    SELECT o.id, o.state, o.total_minor, coalesce(l.cleared, 0)
                    FROM orders o LEFT JOIN (
                        SELECT t.order_id, sum(e.amount_minor) AS cleared
                        FROM ledger_transactions t JOIN ledger_entries e ON e.transaction_id = t.id
                        WHERE e.account = 'payment-clearing' GROUP BY t.order_id) l ON l.order_id = o.id
                    WHERE (o.state = 'CONFIRMED' AND coalesce(l.cleared, 0) <> o.total_minor)
                       OR (o.state IN ('REJECTED', 'CANCELLED') AND coalesce(l.cleared, 0) <> 0)""")) {
                ResultSet rows = query.executeQuery();
                while (rows.next()) {
                    wrong.add("order " + rows.getString(1) + " is " + rows.getString(2) + " over " + rows.getLong(3)
                            + ", the ledger has " + rows.getLong(4));
                }
            }
            return wrong;
        });
    }

    /**
     * A number from one of the databases.
     *
     * @throws Unreadable when the server does not answer
     */
    public long number(Service service, String query) {
        synchronized (kept) {
            try {
                Connection session = kept.get(service);
                if (session == null) {
                    session = open(service);
                    kept.put(service, session);
                }
                try (PreparedStatement statement = session.prepareStatement(query);
                        ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getLong(1);
                }
            } catch (SQLException e) {
                drop(service);
                throw new Unreadable(e);
            }
        }
    }

    private void drop(Service service) {
        Connection session = kept.remove(service);
        if (session != null) {
            try {
                session.close();
            } catch (SQLException alreadyGone) {
                // nothing to close
            }
        }
    }

    /** A session of the drill's own with the service's rights; the caller closes it. */
    public Connection open(Service service) throws SQLException {
        Database database = databases.get(service);
        if (database == null) {
            throw new IllegalArgumentException(service + " has no database");
        }
        Properties properties = new Properties();
        properties.put("user", database.username());
        properties.put("password", database.password());
        properties.put("connectTimeout", "2");
        properties.put("socketTimeout", "30");
        return DriverManager.getConnection(
                database.url().replaceFirst(":[0-9]+/", ":" + postgresPort + "/"), properties);
    }

    private <T> T with(Service service, Work<T> work) {
        try (Connection connection = open(service)) {
            return work.on(connection);
        } catch (SQLException e) {
            throw new Unreadable(e);
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /** The database did not answer. */
    public static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Unreadable(SQLException cause) {
            super(cause.getMessage(), cause);
        }
    }
}
