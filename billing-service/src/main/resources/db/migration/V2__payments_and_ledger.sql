create table payments (
    order_id            uuid primary key,
    amount_minor        bigint      not null check (amount_minor >= 0),
    currency            text        not null check (currency ~ '^[A-Z]{3}$'),
    payment_method      text        not null check (payment_method ~ '^pm_[A-Za-z0-9_]{1,97}$'),
    state               text        not null default 'INTENT'
        check (state in ('INTENT', 'AUTHORIZED', 'CAPTURED', 'DECLINED', 'CANCELLED', 'REFUNDED')),
    provider_payment_id text unique,
    refund_id           text unique,
    decline_reason      text,
    calls               integer     not null default 0,
    first_called_at     timestamptz,
    last_called_at      timestamptz,
    undo_requested_at   timestamptz,
    created_at          timestamptz not null default now(),
    updated_at          timestamptz not null default now()
);

comment on column payments.calls is 'How often a charge was started; zero means that the provider cannot know the order.';
comment on column payments.undo_requested_at is 'From this moment no new charge may start: an undo may conclude that nothing more will come.';

-- What reconciliation and operators look for: payments that have not come to an end.
create index payments_unsettled on payments (updated_at) where state in ('INTENT', 'AUTHORIZED');

create table ledger_transactions (
    id         uuid primary key,
    reference  text        not null unique,
    order_id   uuid        not null,
    kind       text        not null check (kind in ('SALE', 'REFUND')),
    posted_at  timestamptz not null default now(),
    -- The database transaction that posted it: entries may only come with it, never later.
    posted_by  xid8        not null default pg_current_xact_id()
);

create index ledger_transactions_order on ledger_transactions (order_id);

-- amount_minor: debit positive, credit negative.
create table ledger_entries (
    transaction_id uuid     not null references ledger_transactions (id),
    line           smallint not null check (line >= 1),
    account        text     not null
        check (account in ('customer-receivable', 'payment-clearing', 'sales-revenue', 'sales-refunds')),
    amount_minor   bigint   not null check (amount_minor <> 0),
    currency       text     not null check (currency ~ '^[A-Z]{3}$'),
    primary key (transaction_id, line)
);

create index ledger_entries_account on ledger_entries (account, currency);

create function ledger_is_append_only() returns trigger
    language plpgsql as
$$
begin
    raise exception 'The ledger is append-only: % on % is refused', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end
$$;

create trigger ledger_transactions_append_only
    before update or delete or truncate on ledger_transactions
    for each statement execute function ledger_is_append_only();

create trigger ledger_entries_append_only
    before update or delete or truncate on ledger_entries
    for each statement execute function ledger_is_append_only();

create function ledger_entry_comes_with_its_transaction() returns trigger
    language plpgsql as
$$
begin
    if not exists (select from ledger_transactions
                   where id = new.transaction_id and posted_by = pg_current_xact_id()) then
        raise exception 'Ledger transaction % is closed', new.transaction_id
            using errcode = 'restrict_violation';
    end if;
    return new;
end
$$;

create trigger ledger_entries_closed
    before insert on ledger_entries
    for each row execute function ledger_entry_comes_with_its_transaction();

-- Checked at commit, when all entries of the transaction are there.
create function ledger_transaction_balances() returns trigger
    language plpgsql as
$$
begin
    if not exists (select from ledger_entries where transaction_id = new.id) then
        raise exception 'Ledger transaction % has no entries', new.id
            using errcode = 'check_violation';
    end if;
    if exists (select from ledger_entries where transaction_id = new.id
               group by currency having sum(amount_minor) <> 0) then
        raise exception 'Ledger transaction % does not balance', new.id
            using errcode = 'check_violation';
    end if;
    return null;
end
$$;

-- On the transaction alone: entries cannot come without it or after it.
create constraint trigger ledger_transactions_balance
    after insert on ledger_transactions
    deferrable initially deferred
    for each row execute function ledger_transaction_balances();
