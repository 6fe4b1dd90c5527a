-- When a source was last read to its cursor, so that somebody who looks can tell how old it is.
--
-- The cursor alone cannot: one that stands still means that nothing happens as well as that nobody
-- reads.
alter table source_cursor add column read_at timestamptz not null default now();
