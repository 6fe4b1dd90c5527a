-- Event numbers that nobody gives out: a backup was restored, and clients had seen numbers beyond
-- its last one. With these, the numbers of the events are dense.
create table event_gap (
    first_sequence bigint primary key,
    last_sequence bigint not null check (last_sequence >= first_sequence),
    noted_at timestamptz not null default now()
);
