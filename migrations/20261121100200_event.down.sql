-- Takes back the event log and its counter.
drop table event_counter;
drop table event;
