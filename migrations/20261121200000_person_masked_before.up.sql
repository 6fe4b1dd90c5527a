-- What restricted access did not see of the person before the document that `as_of` is the age of.
--
-- One document can hold what several events announce. It is applied with the first of them, and the
-- others, which may come in a later batch, are told or not by what could be seen before all of them.
alter table person add column masked_before bigint not null default 0;
