-- The event log: dense numbers in commit order, taken from a counter row that is held until commit.
--
-- A plain sequence would show number 8 before number 7 is committed, and a reader that has gone on
-- to 9 never sees 7. The partial indexes let a page be filled with events that are visible to its
-- reader, however many hidden ones lie between.
create table event (
    sequence_number bigint primary key check (sequence_number > 0),
    person_id uuid not null,
    event_type smallint not null,
    visible_full boolean not null,
    visible_restricted boolean not null,
    nin text,
    source_sequence bigint,
    registered_at timestamptz not null default now()
);

create index event_full on event (sequence_number) where visible_full;
create index event_restricted on event (sequence_number) where visible_restricted;
create index event_type_full on event (event_type, sequence_number) where visible_full;
create index event_type_restricted on event (event_type, sequence_number) where visible_restricted;

-- Numbers stay below 2^53, so that every client can hold them in a double.
create table event_counter (
    one boolean primary key default true check (one),
    last_sequence bigint not null check (last_sequence between 0 and 9007199254740991),
    last_ordinal bigint not null check (last_ordinal >= 0)
);

insert into event_counter (last_sequence, last_ordinal) values (0, 0);
