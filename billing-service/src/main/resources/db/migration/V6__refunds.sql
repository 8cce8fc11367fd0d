-- What was asked back of a payment and what went back. Both stay within what was taken, whoever asks at the same moment.
ALTER TABLE payments
    ADD COLUMN refund_requested_minor bigint NOT NULL DEFAULT 0,
    ADD COLUMN refunded_minor         bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT payments_refund_no_more_than_taken
        CHECK (refunded_minor >= 0 AND refunded_minor <= refund_requested_minor AND refund_requested_minor <= amount_minor);

-- Money that goes back to a customer after the sale; the work that is left is in the same row.
CREATE TABLE refunds (
    id                 uuid        PRIMARY KEY,
    order_id           uuid        NOT NULL REFERENCES payments (order_id),
    amount_minor       bigint      NOT NULL CHECK (amount_minor > 0),
    currency           text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    reason             text,
    requested_by       text        NOT NULL,           -- the operator's subject
    state              text        NOT NULL DEFAULT 'REQUESTED' CHECK (state IN ('REQUESTED', 'SUCCEEDED', 'FAILED')),
    provider_refund_id text        UNIQUE,
    failure            text,
    calls              integer     NOT NULL DEFAULT 0, -- begun at the provider; more than none: ask before asking for it again
    attempts           integer     NOT NULL DEFAULT 0, -- that failed
    due_at             timestamptz NOT NULL DEFAULT now(),
    lease_token        uuid,
    lease_until        timestamptz,
    last_error         text,
    parked_at          timestamptz,                    -- set: nobody tries again until an operator says so
    created_at         timestamptz NOT NULL DEFAULT now(),
    updated_at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refunds_of_order ON refunds (order_id, created_at);
CREATE INDEX refunds_due ON refunds (due_at) WHERE state = 'REQUESTED' AND parked_at IS NULL;
CREATE INDEX refunds_by_time ON refunds (updated_at);
