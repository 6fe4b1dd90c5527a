-- Every version goes; the sources have them.
drop table geography_address;
drop table geography_exception;
drop table geography_unit_district;
drop table geography_area;
drop table geography_version;
