-- Which person a number leads to: every number a person has or had, and numbers of persons merged
-- into it.
--
-- A number that leads nowhere any more keeps its row with no person: its as_of stops an older
-- document from mapping it again. No foreign key: person rows are never deleted and there is one
-- writer, and the check would cost a row lock for each number.
create table person_number (
    number text primary key,
    person_id uuid,
    as_of bigint not null
) with (fillfactor = 90);

create index person_number_person on person_number (person_id) where person_id is not null;
