-- The payment provider's messages by their ids: a replay finds its row and does nothing.
CREATE TABLE provider_events (
    id                  text        PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 255),
    type                text        NOT NULL,
    order_id            uuid,
    provider_payment_id text,
    outcome             text        NOT NULL,
    created_at          timestamptz NOT NULL, -- by the provider's clock
    received_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX provider_events_by_time ON provider_events (received_at);
CREATE INDEX provider_events_of_order ON provider_events (order_id) WHERE order_id IS NOT NULL;

-- Comparisons of orders, payments, ledger, provider and stock.
CREATE TABLE reconciliations (
    id               uuid        PRIMARY KEY,
    requested_by     text,                 -- the operator's subject; null: it was time
    window_from      timestamptz NOT NULL,
    window_to        timestamptz NOT NULL,
    started_at       timestamptz NOT NULL DEFAULT now(),
    finished_at      timestamptz,
    orders           integer     NOT NULL DEFAULT 0 CHECK (orders >= 0),
    payments         integer     NOT NULL DEFAULT 0 CHECK (payments >= 0), -- at the provider
    difference_count integer     NOT NULL DEFAULT 0 CHECK (difference_count >= 0),
    failure          text                  -- set: something did not answer, and nothing can be said
);
CREATE INDEX reconciliations_by_time ON reconciliations (started_at DESC, id DESC);

-- What does not agree. A message of the provider may find one before a comparison does; the next report takes it in.
CREATE TABLE differences (
    id                  uuid        PRIMARY KEY,
    reconciliation_id   uuid        REFERENCES reconciliations (id) ON DELETE CASCADE,
    kind                text        NOT NULL,
    order_id            uuid,
    provider_payment_id text,
    expected            text        NOT NULL,
    found               text        NOT NULL,
    event_id            text,               -- of the message that claims it
    noticed_at          timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX differences_of_reconciliation ON differences (reconciliation_id);

-- One row: who compares at the moment, and since when.
CREATE TABLE reconciliation_lease (
    only_one    boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    token       uuid,
    lease_until timestamptz,
    started_at  timestamptz NOT NULL -- of the latest comparison
);
INSERT INTO reconciliation_lease (started_at) VALUES (now());

-- What moved lately, for comparing.
CREATE INDEX orders_by_change ON orders (updated_at);
CREATE INDEX payments_by_change ON payments (updated_at);
CREATE INDEX ledger_transactions_by_time ON ledger_transactions (posted_at);
