-- How far each source has been collected, and the bulk load that is under way: a restart goes on
-- from here.
create table source_cursor (
    source text primary key,
    next_sequence bigint not null,
    by_number_until bigint not null
);

create table bulk_load (
    job text primary key,
    from_sequence bigint not null,
    next_batch bigint not null default 0,
    documents_published bigint not null default 0,
    finished boolean not null default false,
    started_at timestamptz not null default now()
);

-- One load at a time.
create unique index bulk_load_under_way on bulk_load ((true)) where not finished;
