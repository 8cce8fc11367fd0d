package dev.gatehouse.billing.simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.transaction.TransactionSystemException;

/**
 * As much of PostgreSQL as order handling relies on: rows with unique keys, transactions at READ COMMITTED (each
 * statement sees what is committed when it begins and what its own transaction wrote; an update waits for a row's
 * writer and then looks at the row again), row locks until the end, {@code now()} that stands still in a transaction.
 */
public final class Database {

    /** As statement_timeout and idle_in_transaction_session_timeout in application.yaml. */
    private static final long STATEMENT_TIMEOUT_MILLIS = 10_000;

    private static final long IDLE_TIMEOUT_MILLIS = 15_000;

    private final @Nullable Simulation simulation;
    private final List<Runnable> onCommit = new ArrayList<>();
    private long changes;
    private long standingClock = Simulation.BEGINNING;

    Database(Simulation simulation) {
        this.simulation = simulation;
    }

    private Database() {
        this.simulation = null;
    }

    /** For comparison with the real one: nobody else is there, and time passes by {@link #advance} only. */
    public static Database alone() {
        return new Database();
    }

    /** Lets time pass in a database that is alone. */
    public void advance(long millis) {
        standingClock += millis;
    }

    private final ThreadLocal<@Nullable Transaction> alone = new ThreadLocal<>();

    /** Counts the commits that changed something. */
    public long changes() {
        return changes;
    }

    /** Runs after each commit that changed something. */
    void onCommit(Runnable check) {
        onCommit.add(check);
    }

    /** One statement, and so one short transaction unless the caller has one. */
    public <T> T statement(String point, Supplier<T> body) {
        if (simulation == null) {
            return standing(body);
        }
        simulation.point(point);
        Actor actor = simulation.current();
        Transaction present = actor.transaction;
        if (present != null) {
            present.requireUsable();
            if (simulation.happens(Fault.DATABASE_REFUSES_STATEMENT)) {
                present.rollback();
                throw new DataAccessResourceFailureException("The connection is broken");
            }
            present.touch();
            return body.get();
        }
        if (simulation.happens(Fault.DATABASE_REFUSES_STATEMENT)) {
            throw new DataAccessResourceFailureException("There is no connection");
        }
        Transaction single = new Transaction(actor);
        single.touch();
        actor.transaction = single;
        T result;
        try {
            result = body.get();
            if (single.ended) {
                throw new DataAccessResourceFailureException("The connection was closed");
            }
            if (simulation.happens(Fault.COMMIT_REFUSED)) {
                throw new DataAccessResourceFailureException("The connection is broken");
            }
            single.commit();
        } finally {
            single.rollback();
            actor.transaction = null;
        }
        simulation.point("statement committed");
        if (simulation.happens(Fault.COMMIT_ANSWER_LOST)) {
            throw new DataAccessResourceFailureException("The connection is broken");
        }
        return result;
    }

    private <T> T standing(Supplier<T> body) {
        Transaction single = new Transaction(null);
        single.startedAt = standingClock;
        alone.set(single);
        try {
            T result = body.get();
            single.commit();
            return result;
        } finally {
            alone.remove();
        }
    }

    /** Does something for nobody in particular, at once: an operator with a statement of his own. */
    void directly(Runnable body) {
        Transaction single = new Transaction(null);
        single.startedAt = clock();
        alone.set(single);
        try {
            body.run();
            single.commit();
        } finally {
            alone.remove();
        }
    }

    public void statement(String point, Runnable body) {
        statement(point, () -> {
            body.run();
            return true;
        });
    }

    /** Does something more if the present transaction commits. */
    public void whenCommitted(Runnable action) {
        transaction().whenCommitted.add(action);
    }

    /** The database's {@code now()}. */
    public Instant now() {
        return Instant.ofEpochMilli(nowMillis());
    }

    public long nowMillis() {
        return transaction().startedAt;
    }

    /** Throws if the caller has no transaction, as {@code Propagation.MANDATORY} would. */
    public void requireTransaction() {
        if (simulation != null && simulation.current().transaction == null) {
            throw new Violation("transactions", "written outside the caller's transaction");
        }
    }

    void begin() {
        Simulation present = Objects.requireNonNull(simulation);
        Actor actor = present.current();
        actor.transaction = new Transaction(actor);
        present.point("transaction begun");
    }

    boolean inTransaction() {
        return Objects.requireNonNull(simulation).current().transaction != null;
    }

    void commit() {
        Simulation present = Objects.requireNonNull(simulation);
        present.point("before commit");
        Actor actor = present.current();
        Transaction transaction = Objects.requireNonNull(actor.transaction);
        actor.transaction = null;
        if (transaction.ended) {
            throw new TransactionSystemException("The connection was closed");
        }
        if (present.happens(Fault.COMMIT_REFUSED)) {
            transaction.rollback();
            throw new TransactionSystemException("The commit was refused");
        }
        transaction.commit();
        present.point("after commit");
        if (present.happens(Fault.COMMIT_ANSWER_LOST)) {
            throw new TransactionSystemException("Whether it was committed is unknown");
        }
    }

    void rollback() {
        Actor actor = Objects.requireNonNull(simulation).current();
        Transaction transaction = actor.transaction;
        actor.transaction = null;
        if (transaction != null) {
            transaction.rollback();
        }
    }

    /** The present moment in milliseconds since 1970. */
    public long clock() {
        return simulation == null ? standingClock : simulation.now();
    }

    private Transaction transaction() {
        Transaction standing = alone.get();
        if (standing != null) {
            return standing;
        }
        Simulation present = Objects.requireNonNull(simulation);
        return Objects.requireNonNull(present.current().transaction, "Outside a statement");
    }

    /** What one connection does between begin and end. */
    final class Transaction {

        private final @Nullable Actor owner;
        private final Map<Table<?, ?>, Map<Object, Optional<Object>>> writes = new LinkedHashMap<>();
        private final Map<Table<?, ?>, Set<Object>> locks = new LinkedHashMap<>();
        private long startedAt = -1;
        private final List<Runnable> whenCommitted = new ArrayList<>();
        private boolean ended;
        private long lastStatementAt;

        private Transaction(@Nullable Actor owner) {
            this.owner = owner;
        }

        /** PostgreSQL's now() is the moment of the first statement; who says nothing for long is thrown out. */
        private void touch() {
            lastStatementAt = clock();
            if (startedAt < 0) {
                startedAt = lastStatementAt;
                if (simulation != null && owner != null && owner.transaction == this) {
                    watch(IDLE_TIMEOUT_MILLIS);
                }
            }
        }

        private void watch(long millis) {
            Objects.requireNonNull(simulation).after(millis, () -> {
                if (ended) {
                    return;
                }
                long idle = clock() - lastStatementAt;
                if (idle < IDLE_TIMEOUT_MILLIS || owner != null && owner.waitsFor != null) {
                    watch(Math.max(1, IDLE_TIMEOUT_MILLIS - idle));
                } else {
                    rollback();
                }
            });
        }

        private void requireUsable() {
            if (ended) {
                throw new DataAccessResourceFailureException("The connection was closed");
            }
        }

        private void commit() {
            boolean changed = !writes.isEmpty();
            writes.forEach((table, rows) -> rows.forEach(table::store));
            end();
            whenCommitted.forEach(Runnable::run);
            if (changed) {
                changes++;
                onCommit.forEach(Runnable::run);
            }
        }

        void rollback() {
            if (!ended) {
                end();
            }
        }

        private void end() {
            ended = true;
            writes.clear();
            locks.forEach((table, keys) -> keys.forEach(table.locked::remove));
            locks.clear();
        }
    }

    /** Rows by unique key, in the order of their insertion. */
    public final class Table<K, R> {

        private final String name;
        private final Map<K, R> rows = new LinkedHashMap<>();
        private final Map<Object, Transaction> locked = new LinkedHashMap<>();

        public Table(String name) {
            this.name = name;
        }

        /** What is committed. */
        public List<R> committed() {
            return List.copyOf(rows.values());
        }

        /** The same without a copy, for a look at once. */
        public Iterable<R> now() {
            return rows.values();
        }

        /** The row as the present statement sees it. */
        @SuppressWarnings("unchecked")
        public Optional<R> read(K key) {
            Map<Object, Optional<Object>> own = transaction().writes.get(this);
            Optional<Object> written = own == null ? null : own.get(key);
            return written != null ? (Optional<R>) written : Optional.ofNullable(rows.get(key));
        }

        /** All keys and rows as the present statement sees them. */
        @SuppressWarnings("unchecked")
        public Map<K, R> readAll() {
            Map<Object, Optional<Object>> own = transaction().writes.get(this);
            if (own == null) {
                return rows;
            }
            Map<K, R> seen = new LinkedHashMap<>(rows);
            own.forEach((key, row) -> {
                if (row.isPresent()) {
                    seen.put((K) key, (R) row.get());
                } else {
                    seen.remove(key);
                }
            });
            return seen;
        }

        /** Whether the key was free; waits for a transaction that is just using it. */
        public boolean insert(K key, R row, long lockTimeoutMillis) {
            lock(key, lockTimeoutMillis);
            if (read(key).isPresent()) {
                return false;
            }
            write(key, row);
            return true;
        }

        public boolean insert(K key, R row) {
            return insert(key, row, STATEMENT_TIMEOUT_MILLIS);
        }

        /** The row after the change; empty when there is none that fits. */
        public Optional<R> update(K key, Predicate<R> where, UnaryOperator<R> set) {
            Optional<R> fitting = forUpdate(key, where);
            fitting.ifPresent(row -> write(key, set.apply(row)));
            return fitting.flatMap(row -> read(key));
        }

        /** SELECT … FOR UPDATE. */
        public Optional<R> forUpdate(K key, Predicate<R> where) {
            if (read(key).filter(where).isEmpty()) {
                return Optional.empty();
            }
            boolean first = lock(key, STATEMENT_TIMEOUT_MILLIS);
            Optional<R> again = read(key).filter(where);
            if (again.isEmpty() && first) {
                unlock(key);
            }
            return again;
        }

        /** Whether SKIP LOCKED would skip it. */
        public boolean isLockedByOther(K key) {
            Transaction holder = locked.get(key);
            return holder != null && holder != transaction();
        }

        public void delete(K key) {
            if (forUpdate(key, row -> true).isPresent()) {
                transaction()
                        .writes
                        .computeIfAbsent(this, table -> new LinkedHashMap<>())
                        .put(key, Optional.empty());
            }
        }

        private void write(K key, R row) {
            transaction()
                    .writes
                    .computeIfAbsent(this, table -> new LinkedHashMap<>())
                    .put(key, Optional.of(row));
        }

        @SuppressWarnings("unchecked")
        private void store(Object key, Optional<Object> row) {
            if (row.isPresent()) {
                rows.put((K) key, (R) row.get());
            } else {
                rows.remove(key);
            }
        }

        /** Whether the lock is new. */
        private boolean lock(K key, long timeoutMillis) {
            Transaction me = transaction();
            if (locked.get(key) == me) {
                return false;
            }
            if (locked.get(key) != null) {
                await(key, me, timeoutMillis);
            }
            locked.put(key, me);
            me.locks.computeIfAbsent(this, table -> new LinkedHashSet<>()).add(key);
            return true;
        }

        private void unlock(K key) {
            locked.remove(key);
            Set<Object> keys = transaction().locks.get(this);
            if (keys != null) {
                keys.remove(key);
            }
        }

        private void await(K key, Transaction me, long timeoutMillis) {
            Actor actor = me.owner;
            if (simulation == null || actor == null) {
                throw new CannotAcquireLockException("A row of " + name + " is locked and nobody may wait");
            }
            Transaction holder = Objects.requireNonNull(locked.get(key));
            for (Transaction next = holder; next != null; ) {
                if (next == me) {
                    me.rollback();
                    throw new CannotAcquireLockException("Deadlock over " + name);
                }
                next = next.owner == null ? null : next.owner.waitsFor;
            }
            simulation.note("waits for a row of", name);
            long until = simulation.now() + timeoutMillis;
            actor.waitsFor = holder;
            boolean free = simulation.waitFor(() -> !locked.containsKey(key), () -> until);
            actor.waitsFor = null;
            me.requireUsable();
            if (!free) {
                me.rollback();
                throw new QueryTimeoutException("A row of " + name + " stays locked");
            }
        }
    }
}
