-- Decisions and the history of the park are forgotten; what is parked stays.
drop table park_history;
drop index parked_number;
create index parked_number on parked (number) where person_id is null;
create index parked_unknown on parked (number) where person_id is null;
drop index parked_decided;
alter table parked
    drop column decision_reason,
    drop column decision,
    drop column attempts;
