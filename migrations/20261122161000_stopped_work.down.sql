-- What was passed over, and why, is remembered nowhere afterwards.
drop table passed_over;
drop table stopped_work;
