-- Takes the search away; the number of a person is unique by its constraint again.
alter table person add constraint person_ordinal_key unique (ordinal);
drop index person_by_ordinal;
drop table search_spelling;
drop table search_word;
drop table search_tally;
drop table search_key;
drop table search_person;
