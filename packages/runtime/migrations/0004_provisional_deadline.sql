-- A deadline that leans on a year planned by law alone carries that year, so that the cases to count again when its notice
-- comes are found without reading the others. None could be set before: such a case was refused.
alter table loop_stay add column provisional_year integer;
create index loop_stay_provisional on loop_stay (provisional_year, case_id) where until_at is null and provisional_year is not null;
