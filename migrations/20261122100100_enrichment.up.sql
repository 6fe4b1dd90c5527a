-- With which geography, and on which day, every person has been enriched; and how far the sweep is
-- that brings them all to the next one.
create table enrichment (
    one boolean primary key default true check (one),
    -- The version that holds for everybody; none where no geography was loaded.
    done_version bigint,
    -- The day in Oslo that holds for everybody; none while nothing is known of what is stored.
    done_day date,
    -- The same for the sweep under way, by which all that is written meanwhile is enriched. No day:
    -- no sweep.
    target_version bigint,
    target_day date,
    -- The person that the sweep looks at next.
    next_ordinal bigint not null default 1 check (next_ordinal > 0)
);

insert into enrichment default values;
