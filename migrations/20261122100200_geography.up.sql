-- Where things lie in Norway: the areas' codes and names, which urban district a unit lies in, who
-- serves it, and the unit of every address. Read into memory whole; nothing is looked up here.
--
-- Every row belongs to a version. A version and its rows are written in one transaction, which makes
-- it the current one, and are never changed. Those that no longer serve anything are deleted.
create table geography_version (
    id bigint generated always as identity primary key,
    -- Equal for equal tables, whatever order their rows came in.
    digest text not null,
    loaded_at timestamptz not null default now(),
    -- When the sources were last seen to say this.
    checked_at timestamptz not null default now(),
    is_current boolean not null default false,
    -- Rows of addresses, and the units that nobody is said to serve: for those who watch.
    addresses bigint not null,
    unserved_units bigint not null,
    -- What was said when it was loaded.
    report json not null
);

-- There is one current version.
create unique index geography_version_current on geography_version ((true)) where is_current;

-- The codes are numbers: the zeros in front are the kind's affair.
create table geography_area (
    version bigint not null references geography_version on delete cascade,
    kind text not null check (kind in ('county', 'municipality', 'unit', 'district')),
    code integer not null,
    name text not null,
    valid_from date not null,
    valid_to date
);

create index geography_area_version on geography_area (version);

create table geography_unit_district (
    version bigint not null references geography_version on delete cascade,
    unit integer not null,
    district integer not null,
    valid_from date not null,
    valid_to date
);

create index geography_unit_district_version on geography_unit_district (version);

-- Who serves an area that the district it lies in does not serve; nobody is said to where none is
-- named.
create table geography_exception (
    version bigint not null references geography_version on delete cascade,
    kind text not null check (kind in ('unit', 'district')),
    code integer not null,
    served_by integer,
    valid_from date not null,
    valid_to date
);

create index geography_exception_version on geography_exception (version);

-- Some three million rows for each version, always read all at once: an index would cost more than
-- it gives, and so would a reference to the version.
create table geography_address (
    address_id bigint,
    version bigint not null,
    municipality integer not null,
    unit integer not null,
    street_code integer,
    house_number integer,
    land integer,
    title integer,
    leasehold integer,
    sub integer,
    house_letter text
) with (fillfactor = 100);
