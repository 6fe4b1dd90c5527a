-- What comparing the register with its sources came to: one row for each run, never one for a
-- person.
create table reconciliation (
    id bigint generated always as identity primary key,
    -- What the register was compared with.
    source text not null check (source in ('freg', 'krr')),
    -- By looking numbers up, some after the other, or by an extract of everybody.
    mode text not null check (mode in ('sample', 'extract')),
    started_at timestamptz not null default now(),
    -- When the run last got anywhere.
    updated_at timestamptz not null default now(),
    -- None: it is under way, or was broken off.
    finished_at timestamptz,
    -- Persons of whom it could be said whether they are right; the next three are among them.
    compared bigint not null default 0,
    missing bigint not null default 0,
    extra bigint not null default 0,
    differing bigint not null default 0,
    -- Persons of whom it could not: something newer was there or waited, or there was no answer.
    undecided bigint not null default 0,
    -- What was published to put it right.
    repaired bigint not null default 0,
    -- How many persons differ, by element of the source.
    by_element jsonb not null default '{}'
);

create index reconciliation_started on reconciliation (source, started_at);
