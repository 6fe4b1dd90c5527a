-- The next process enriches everybody anew.
drop table enrichment;
