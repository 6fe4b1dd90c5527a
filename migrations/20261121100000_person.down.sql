-- Takes back the table of persons.
drop table person;
