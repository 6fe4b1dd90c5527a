drop table reconciliation;
delete from source_cursor where source like 'reconcile.%';
