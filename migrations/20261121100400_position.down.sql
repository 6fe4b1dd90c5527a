-- Takes back the positions and the park.
drop table parked;
drop table position;
