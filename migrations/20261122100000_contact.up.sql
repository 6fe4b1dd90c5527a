-- What the register of contact details (KRR) says of a number, as it said it, sealed.
--
-- By number and not by person: KRR may know somebody before we do, and after a merge the record of
-- the old number waits here. A person is served the record of the number in use.
create table contact (
    number text primary key,
    -- KRR's change id that the record is at least as new as; an older one never replaces it.
    as_of bigint not null,
    sealed bytea not null,
    -- When the passing of time alone ends the leave to send notices; none once it has passed.
    flips_at timestamptz
) with (fillfactor = 80);

alter table contact alter column sealed set storage external;
create index contact_flips on contact (flips_at) where flips_at is not null;

-- What of the contact details is served, as a digest: tells whether there is something to announce.
alter table person add column contact_digest bigint;
