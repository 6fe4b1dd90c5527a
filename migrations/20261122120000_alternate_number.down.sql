-- Everybody is counted together again; what led from one number to another is forgotten.
alter table person_number drop column continued_as;
alter table event_counter drop column last_freg_ordinal;
drop index person_by_freg_ordinal;
alter table person drop column freg_ordinal;
