drop table event_gap;
