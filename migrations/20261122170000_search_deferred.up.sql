-- While a first load fills an empty register, nobody is made searchable: the keys are built at its
-- end, all at once. In the row of the counters, because every batch locks it: a batch that writes no
-- keys cannot pass the moment at which they are built.
alter table event_counter add column search_deferred boolean not null default false;
