-- Takes back the cursors of the sources and the bulk loads.
drop table bulk_load;
drop table source_cursor;
