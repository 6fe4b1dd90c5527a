-- What persons are found by: one narrow row for each person, and the keys that lead to it.
--
-- A search reads the keys of its rarest criterion, then looks at the rows they lead to. The row
-- decides: a key only shortens the way. `names` and the two `places` are folded texts that one LIKE
-- each is held against, so a row holds everything a search can ask and is read once.
create table search_person (
    ordinal integer not null,
    id uuid not null,
    -- Gender, statuses and whether there is nothing but a felles hjelpenummer, in bits.
    facets smallint not null,
    birth integer not null,
    death integer not null,
    names text collate "C" not null,
    places_full text collate "C" not null,
    -- None where it is the same as for full access.
    places_restricted text collate "C",
    -- Who asks for facets and days alone reads no row.
    primary key (ordinal) include (facets, birth, death)
) with (fillfactor = 90);

-- All of it is the index, so that the table is not read. The kinds of keys are told apart by their
-- first letter. The text sorts by its bytes: the beginning of a word is a range of keys, and the
-- persons of a place, whose keys have no day, come in their order.
create table search_key (
    key text collate "C" not null,
    day integer not null,
    ordinal integer not null,
    area smallint not null,
    -- Kind of the key and facets of the person, in bits.
    facts smallint not null,
    -- A bit for each letter that a word of the name begins with.
    initials integer not null,
    primary key (key, day, ordinal) include (area, facts, initials)
);

-- Those with a common name who live in one municipality. Words begin with a letter.
create index search_key_by_area on search_key (key, area, ordinal)
    include (facts, initials) where key >= 'a';

-- How many persons a key leads to, for each set of facts: keys of days by year, municipalities as
-- they are, and under the empty key everybody by block of ordinals. Counts of many are read here.
create table search_tally (
    key text collate "C" not null,
    day integer not null,
    facts smallint not null,
    persons integer not null,
    primary key (key, day, facts)
) with (fillfactor = 50);

-- The distinct words of all names. `uses` is counted from one person in 64, so that common words
-- are told from rare ones without a row of this table being written for each person. A word stays
-- when its last person is gone.
create table search_word (
    word text collate "C" primary key,
    uses bigint not null
) with (fillfactor = 80);

-- Each word under every form it takes when one of its letters is left out: words that are one slip
-- of the pen apart meet in a form.
create table search_spelling (
    form text collate "C" not null,
    word text collate "C" not null,
    primary key (form, word)
);

-- Pages of everybody are read from this index alone.
create unique index person_by_ordinal on person (ordinal) include (id);
alter table person drop constraint person_ordinal_key;
