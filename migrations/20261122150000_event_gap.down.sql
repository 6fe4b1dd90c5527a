-- The numbers of the events are dense no longer, wherever a backup has been restored.
drop table event_gap;
