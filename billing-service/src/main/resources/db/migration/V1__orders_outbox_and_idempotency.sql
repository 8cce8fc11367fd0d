-- Where time decides anything it is this database's clock, never an instance's.

CREATE TABLE orders (
    id             uuid        PRIMARY KEY,
    customer       text        NOT NULL CHECK (customer <> ''),
    state          text        NOT NULL CHECK (state IN ('PLACED', 'RESERVED', 'PAID', 'CONFIRMED', 'RELEASING', 'REJECTED', 'CANCELLING', 'CANCELLED')),
    version        integer     NOT NULL CHECK (version >= 1),
    total_minor    bigint      NOT NULL CHECK (total_minor >= 0),
    currency       text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    payment_method text        NOT NULL,
    reason         text,
    placed_at      timestamptz NOT NULL DEFAULT now(),
    updated_at     timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX orders_of_customer ON orders (customer, placed_at DESC, id DESC);
CREATE INDEX orders_by_time ON orders (placed_at DESC, id DESC);

CREATE TABLE order_lines (
    order_id         uuid    NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    position         integer NOT NULL CHECK (position >= 0),
    film_id          uuid    NOT NULL,
    quantity         integer NOT NULL CHECK (quantity BETWEEN 1 AND 100),
    unit_price_minor bigint  NOT NULL CHECK (unit_price_minor >= 0),
    PRIMARY KEY (order_id, position),
    UNIQUE (order_id, film_id)
);

-- The history. Its key is what makes versions unique per order, and so also each order's outbox rows.
CREATE TABLE order_transitions (
    order_id uuid        NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    version  integer     NOT NULL CHECK (version >= 1),
    state    text        NOT NULL,
    reason   text,
    at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (order_id, version)
);

-- The work that is left: one row per order that has a next step, none for an order in a final state.
CREATE TABLE order_steps (
    order_id      uuid        PRIMARY KEY REFERENCES orders (id) ON DELETE CASCADE,
    version       integer     NOT NULL,           -- of the order in the state whose step this is
    attempts      integer     NOT NULL DEFAULT 0, -- failed ones, of the present step
    started_at    timestamptz,                    -- intent: when the present step's outside call was first begun
    due_at        timestamptz NOT NULL,
    lease_token   uuid,                           -- who works on the step; a late writer with another token is refused
    lease_until   timestamptz,
    last_error    text,
    parked_at     timestamptz,                    -- set: nobody tries again until an operator says so
    parked_reason text
);
CREATE INDEX order_steps_due ON order_steps (due_at) WHERE parked_at IS NULL;
CREATE INDEX order_steps_parked ON order_steps (parked_at) WHERE parked_at IS NOT NULL;

-- Every row is updated a few times and soon gone: vacuum must keep up with a small, hot table.
ALTER TABLE order_steps SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 200, fillfactor = 70);

CREATE TABLE outbox (
    id                uuid        NOT NULL,
    aggregate_id      uuid        NOT NULL,
    aggregate_version integer     NOT NULL,
    type              text        NOT NULL,
    routing_key       text        NOT NULL,
    payload           jsonb       NOT NULL,
    headers           jsonb       NOT NULL DEFAULT '{}',
    created_at        timestamptz NOT NULL DEFAULT now(),
    available_at      timestamptz NOT NULL DEFAULT now(),
    attempts          integer     NOT NULL DEFAULT 0,
    claimed_until     timestamptz,
    claimed_by        uuid,
    sent_at           timestamptz,
    last_error        text,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX outbox_unsent ON outbox (available_at) WHERE sent_at IS NULL;
CREATE INDEX outbox_unsent_of_aggregate ON outbox (aggregate_id, aggregate_version) WHERE sent_at IS NULL;

-- Creates the partitions of today and the next days, and drops (never deletes from) those that are older than the days to
-- keep and hold nothing unsent. Days are UTC. Attaching and dropping wait at most two seconds for a lock.
CREATE FUNCTION outbox_keep_partitions(days_ahead integer, days_kept integer) RETURNS void
    LANGUAGE plpgsql
    SET timezone = 'UTC'
    SET lock_timeout = '2s'
AS
$$
DECLARE
    day    date;
    name   text;
    oldest text := 'outbox_' || to_char(now() - make_interval(days => days_kept), 'YYYYMMDD');
    unsent boolean;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('outbox_keep_partitions'));
    FOR day IN SELECT generate_series(now()::date, now()::date + days_ahead, interval '1 day')::date
    LOOP
        name := 'outbox_' || to_char(day, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            -- A table that is attached later locks the parent less than one created as its partition.
            EXECUTE format('CREATE TABLE %I (LIKE outbox INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', name);
            EXECUTE format('ALTER TABLE %I SET (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)', name);
            EXECUTE format('ALTER TABLE outbox ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
        END IF;
    END LOOP;
    FOR name IN SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'outbox'::regclass ORDER BY 1
    LOOP
        IF name < oldest THEN
            EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE sent_at IS NULL)', name) INTO unsent;
            IF NOT unsent THEN
                EXECUTE format('DROP TABLE %I', name);
            END IF;
        END IF;
    END LOOP;
END
$$;
SELECT outbox_keep_partitions(7, 3);

-- Answers to requests that must not be carried out twice; kept here, in the transaction that has the effect.
CREATE TABLE idempotency_keys (
    subject     text        NOT NULL,
    route       text        NOT NULL, -- method and path
    key         text        NOT NULL,
    fingerprint text        NOT NULL,
    status      integer,              -- of the answer; null only inside the transaction that makes it
    headers     jsonb,
    body        text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (subject, route, key)
);
CREATE INDEX idempotency_keys_expiring ON idempotency_keys (expires_at);

-- Messages nobody can read or act on, kept whole for an operator and acknowledged.
CREATE TABLE parked_messages (
    id          uuid        PRIMARY KEY,
    queue       text        NOT NULL,
    message_id  text,
    routing_key text,
    headers     jsonb       NOT NULL DEFAULT '{}',
    body        bytea       NOT NULL,
    reason      text        NOT NULL,
    error       text,
    parked_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX parked_messages_by_time ON parked_messages (parked_at);
