-- The age of what was read is forgotten.
alter table source_cursor drop column read_at;
