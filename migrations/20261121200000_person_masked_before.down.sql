-- Takes back what was hidden before a document.
alter table person drop column masked_before;
