-- Work of ingest that has ended for good and waits for somebody to look after it, so that everybody
-- who asks is told, whichever process it ended in.
create table stopped_work (
    -- The half of ingest.
    task text primary key,
    -- The kind of fault, which the code knows what to do about.
    reason text not null,
    -- What is wrong, without any person in it.
    message text not null,
    since timestamptz not null default now()
);

-- Records that were gone from Kafka before they were applied, and that an operator let applying go
-- past.
create table passed_over (
    id bigint generated always as identity primary key,
    topic text not null,
    partition integer not null,
    -- The record that came next, and the one that does now.
    from_offset bigint not null,
    to_offset bigint not null,
    -- From where the source is collected again, where it is.
    collected_again_from bigint,
    -- The operator's words.
    reason text not null,
    noted_at timestamptz not null default now()
);
