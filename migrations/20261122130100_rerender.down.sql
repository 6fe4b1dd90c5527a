-- What was asked for is forgotten.
drop table rerender;
