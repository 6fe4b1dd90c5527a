-- What was compared is forgotten, and how far it had come.
drop table reconciliation;
delete from source_cursor where source like 'reconcile.%';
