-- Persons who are known by a felles hjelpenummer alone (AIN). They come from the health network's own
-- service, never from the population register, and stand in lists only for those who ask for them.
--
-- `ordinal` counts everybody. `freg_ordinal` counts those of the population register alone, as dense
-- and as lasting; where there is none, the person has a felles hjelpenummer.
alter table person add column freg_ordinal bigint check (freg_ordinal > 0);
update person set freg_ordinal = ordinal;
-- Pages without the others are read from this index alone.
create unique index person_by_freg_ordinal on person (freg_ordinal) include (id);

alter table event_counter add column last_freg_ordinal bigint;
update event_counter set last_freg_ordinal = last_ordinal;
alter table event_counter alter column last_freg_ordinal set not null;
alter table event_counter
    add constraint event_counter_freg check (last_freg_ordinal between 0 and last_ordinal);

-- The number that is used instead of a felles hjelpenummer that has been replaced: whoever asks for
-- the old one is led to whom the new one leads to, whatever becomes of that person.
alter table person_number add column continued_as text;
