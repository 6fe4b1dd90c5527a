-- How far each partition has been applied, and what could not be: both move in the transaction that
-- writes persons.
--
-- `next_offset` is also the fence: a writer that does not find it where it left it has been
-- replaced.
create table position (
    topic text not null,
    partition integer not null,
    next_offset bigint not null check (next_offset >= 0),
    last_sequence bigint,
    primary key (topic, partition)
);

create table parked (
    id bigint generated always as identity primary key,
    person_id uuid,
    number text,
    topic text not null,
    partition integer not null,
    record_offset bigint not null,
    source_sequence bigint,
    reason smallint not null,
    sealed bytea not null,
    parked_at timestamptz not null default now(),
    unique (topic, partition, record_offset)
);

alter table parked alter column sealed set storage external;
create index parked_person on parked (person_id) where person_id is not null;
create index parked_number on parked (number) where person_id is null;

-- What is parked for a number whose person is not known holds back what follows for that number.
create index parked_unknown on parked (number) where person_id is null;
