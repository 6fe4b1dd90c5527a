-- Takes back the sealed source documents.
drop table source_document;
