-- What an operator has decided about a parked record, for the writer to do; and what became of the
-- records that have left the park.
alter table parked
    -- 1: try again. 2: leave it out. None: it waits for somebody to decide.
    add column decision smallint check (decision in (1, 2)),
    -- Why it is left out.
    add column decision_reason text,
    -- How often it has been tried again without success.
    add column attempts integer not null default 0,
    add check ((decision is not distinct from 2) = (decision_reason is not null));
create index parked_decided on parked (id) where decision is not null;

-- What is parked for a number holds back what follows for it, whoever has the number by then.
drop index parked_unknown;
drop index parked_number;
create index parked_number on parked (number) where number is not null;

create table park_history (
    -- That of the record in the park.
    id bigint primary key,
    person_id uuid,
    topic text not null,
    partition integer not null,
    record_offset bigint not null,
    source_sequence bigint,
    reason smallint not null,
    parked_at timestamptz not null,
    left_at timestamptz not null default now(),
    -- Why it was left out; none for one that was applied after all.
    skip_reason text,
    -- The record that was left out, sealed as it was in the park.
    sealed bytea,
    check ((skip_reason is null) = (sealed is null))
);
alter table park_history alter column sealed set storage external;
create index park_history_person on park_history (person_id) where person_id is not null;
