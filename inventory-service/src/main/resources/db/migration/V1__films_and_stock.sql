-- A migration that cannot get its locks at once gives way to the service, not the other way round.
SET LOCAL lock_timeout = '2s';
SET LOCAL statement_timeout = '60s';

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;

-- unaccent() is only STABLE, since its dictionary could change; with the dictionary named, it does not.
CREATE FUNCTION film_plain(value text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent', value)) $$;

CREATE TABLE films (
    id              uuid PRIMARY KEY,
    title           text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    original_title  text CHECK (char_length(original_title) BETWEEN 1 AND 200),
    year            integer NOT NULL CHECK (year BETWEEN 1888 AND 2100),
    genres          text[] NOT NULL CHECK (
        cardinality(genres) BETWEEN 1 AND 8
        AND genres <@ ARRAY['action', 'adventure', 'animation', 'biography', 'comedy', 'crime', 'documentary', 'drama',
            'family', 'fantasy', 'film-noir', 'history', 'horror', 'music', 'musical', 'mystery', 'romance',
            'science-fiction', 'sport', 'thriller', 'war', 'western']),
    director        text CHECK (char_length(director) BETWEEN 1 AND 200),
    runtime_minutes integer CHECK (runtime_minutes BETWEEN 1 AND 1000),
    description     text CHECK (char_length(description) BETWEEN 1 AND 2000),
    price_minor     bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 100000000),
    currency        text COLLATE "C" NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    version         bigint NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at      timestamptz NOT NULL DEFAULT now(),
    updated_at      timestamptz NOT NULL DEFAULT now(),

    -- Byte order, so that a cursor means the same on every machine whatever its locale library.
    title_key       text COLLATE "C" NOT NULL GENERATED ALWAYS AS (film_plain(title)) STORED,
    search_text     text NOT NULL GENERATED ALWAYS AS (
        film_plain(title || ' ' || coalesce(original_title, '') || ' ' || coalesce(director, ''))) STORED,
    -- Names are not stemmed (a film may be called "Up" or "It"); descriptions are, and are there as written, too, for those
    -- who search in quotes.
    search          tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('simple'::regconfig, film_plain(title)), 'A')
        || setweight(to_tsvector('simple'::regconfig, film_plain(coalesce(original_title, ''))), 'B')
        || setweight(to_tsvector('simple'::regconfig, film_plain(coalesce(director, ''))), 'C')
        || setweight(to_tsvector('english'::regconfig, film_plain(coalesce(description, ''))), 'D')
        || setweight(to_tsvector('simple'::regconfig, film_plain(coalesce(description, ''))), 'D')) STORED
);

-- One index for each order a page can be asked for in; a cursor is a position in one of them.
CREATE INDEX films_by_title ON films (title_key, id);
CREATE INDEX films_by_year ON films (year, id);
CREATE INDEX films_by_price ON films (currency, price_minor, id);
CREATE INDEX films_by_creation ON films (created_at, id);

CREATE INDEX films_by_genre ON films USING gin (genres);
-- New entries wait in a list that some insert then has to work off: kept short (kB), so that none of them waits long.
CREATE INDEX films_by_words ON films USING gin (search) WITH (gin_pending_list_limit = 512);
CREATE INDEX films_by_trigrams ON films USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 512);

-- A film without a row has no stock. The key has no ON DELETE: a film with held copies cannot go.
CREATE TABLE stock_levels (
    film_id   uuid PRIMARY KEY REFERENCES films (id),
    available bigint NOT NULL DEFAULT 0 CHECK (available >= 0),
    reserved  bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    version   bigint NOT NULL DEFAULT 1 CHECK (version > 0)
);

-- The record outlives the film.
CREATE TABLE stock_adjustments (
    id         uuid PRIMARY KEY,
    film_id    uuid NOT NULL,
    delta      bigint NOT NULL CHECK (delta <> 0 AND delta BETWEEN -1000000 AND 1000000),
    reason     text NOT NULL CHECK (char_length(reason) BETWEEN 1 AND 200),
    adjusted_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX stock_adjustments_by_film ON stock_adjustments (film_id, created_at);

-- A row without lines is a tombstone: the release came before the reservation did.
CREATE TABLE reservations (
    order_id   uuid PRIMARY KEY,
    state      text NOT NULL CHECK (state IN ('HELD', 'CONFIRMED', 'RELEASED', 'EXPIRED')),
    expires_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (expires_at IS NOT NULL OR state = 'RELEASED')
);
CREATE INDEX reservations_by_expiry ON reservations (expires_at) WHERE state = 'HELD';

CREATE TABLE reservation_lines (
    order_id    uuid NOT NULL REFERENCES reservations (order_id) ON DELETE CASCADE,
    film_id     uuid NOT NULL,
    quantity    integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
    title       text NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    PRIMARY KEY (order_id, film_id)
);
