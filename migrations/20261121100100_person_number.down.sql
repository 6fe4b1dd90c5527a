-- Takes back the map from numbers to persons.
drop table person_number;
