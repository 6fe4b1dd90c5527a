-- Rendering everybody anew after a change of the code: what an operator has asked for, and how far
-- it is.
create table rerender (
    one boolean primary key default true check (one),
    -- An operator asks for it; `everybody`: also those whom the code of today has rendered.
    asked boolean not null default false,
    asked_everybody boolean not null default false,
    -- The version of the code that the round under way renders with; none when there is none.
    target integer,
    everybody boolean not null default false,
    -- The person that is looked at next.
    next_ordinal bigint not null default 1 check (next_ordinal > 0),
    -- The version that the last round that came to its end has rendered everybody with; none when
    -- there was none.
    done_by integer
);

insert into rerender default values;
