-- Keys that were left for later are not there: build them first.
alter table event_counter drop column search_deferred;
