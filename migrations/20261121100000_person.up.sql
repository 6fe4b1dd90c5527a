-- Persons as they are served: one row for each person, rendered ready for both rights packages.
--
-- A row is never deleted. `ordinal` is dense and append-only. The two served forms are compressed
-- before they get here and lie in the heap page: a lookup reads one index page and one heap page.
-- Room is left in the page (fillfactor) so that a changed person is written beside the old version,
-- without touching an index.
create table person (
    id uuid primary key,
    ordinal bigint not null unique check (ordinal > 0),
    primary_number text not null,
    stub boolean not null,
    as_of bigint not null,
    content_hash bytea check (octet_length(content_hash) = 32),
    masked_parts bigint not null,
    parked boolean not null,
    protection_uncertain boolean not null,
    sequence_full bigint not null,
    sequence_restricted bigint not null,
    rendered_by integer not null,
    served_full bytea not null,
    served_restricted bytea not null,
    -- Two living entries never share a primary number. Deferred, because one batch may pass a
    -- number on: the old holder becomes a stub in the same statement, and the order of the rows in
    -- it means nothing.
    constraint person_live_primary exclude using btree (primary_number with =)
        where (not stub) deferrable initially deferred
) with (fillfactor = 80, toast_tuple_target = 4080);

alter table person alter column served_full set storage external;
alter table person alter column served_restricted set storage external;

-- A stub keeps the number it had, so that a split finds it again; there may be several.
create index person_stub_primary on person (primary_number) where stub;
