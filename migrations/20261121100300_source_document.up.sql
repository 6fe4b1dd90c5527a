-- The source's document of each person, sealed: a change of mapping renders the register again from
-- here.
--
-- Apart from the person table, so that lookups never share a page with it.
create table source_document (
    person_id uuid primary key,
    as_of bigint not null,
    sealed bytea not null
) with (fillfactor = 80, toast_tuple_target = 4080);

-- Encrypted bytes do not compress.
alter table source_document alter column sealed set storage external;
