-- What operators did or were refused: written in the transaction that has the effect, and never changed.
CREATE TABLE operator_actions (
    id       uuid        PRIMARY KEY,
    operator text        NOT NULL CHECK (operator <> ''), -- the subject of the token
    client   text,                                        -- that the token was issued to, where it says so
    action   text        NOT NULL CHECK (action ~ '^[a-z-]{3,50}$'),
    target   jsonb       NOT NULL,                        -- the id, or the filter
    reason   text,
    matched  bigint      NOT NULL CHECK (matched >= 0),   -- how many things it concerned
    outcome  text        NOT NULL CHECK (outcome IN ('DONE', 'NOTHING', 'COUNTED', 'REFUSED')),
    detail   text,                                        -- why it was refused
    at       timestamptz NOT NULL DEFAULT now(),
    trace_id text
);
CREATE INDEX operator_actions_by_time ON operator_actions (at DESC, id DESC);

CREATE FUNCTION operator_actions_are_append_only() RETURNS trigger
    LANGUAGE plpgsql
AS
$$
BEGIN
    RAISE EXCEPTION 'What operators did is append-only: % is refused', tg_op USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER operator_actions_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON operator_actions
    FOR EACH STATEMENT EXECUTE FUNCTION operator_actions_are_append_only();

-- A parked message stays when it was decided upon: who asks later finds what it was.
ALTER TABLE parked_messages
    ADD COLUMN exchange     text, -- that it came through; null for those parked before this was kept
    ADD COLUMN type         text,
    ADD COLUMN content_type text,
    ADD COLUMN state        text NOT NULL DEFAULT 'PARKED' CHECK (state IN ('PARKED', 'REPLAYED', 'DISCARDED', 'ERASED')),
    ADD COLUMN decided_at   timestamptz,
    ADD CONSTRAINT parked_messages_decided CHECK ((state = 'PARKED') = (decided_at IS NULL));
CREATE INDEX parked_messages_by_time_and_id ON parked_messages (parked_at, id);
CREATE INDEX parked_messages_undecided ON parked_messages (parked_at) WHERE state = 'PARKED';
DROP INDEX parked_messages_by_time;

-- A message that is sent once more goes out as it came: its bytes, its exchange and its own identity.
ALTER TABLE outbox
    ADD COLUMN exchange     text,  -- null: the configured one
    ADD COLUMN message_id   text,  -- null: the row's id
    ADD COLUMN content_type text,  -- null: JSON
    ADD COLUMN body         bytea, -- null: the payload
    ALTER COLUMN payload DROP NOT NULL,
    ALTER COLUMN type DROP NOT NULL,
    ADD CONSTRAINT outbox_one_content CHECK ((payload IS NULL) <> (body IS NULL));
CREATE INDEX outbox_copies ON outbox (id) WHERE body IS NOT NULL;

CREATE INDEX order_steps_parked_by_time ON order_steps (parked_at, order_id) WHERE parked_at IS NOT NULL;
DROP INDEX order_steps_parked;
