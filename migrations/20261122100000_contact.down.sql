-- The number no longer leads to contact details, and nobody is served any.
alter table person drop column contact_digest;
drop table contact;
