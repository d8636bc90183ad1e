--! breaking
-- Index rows lie in the order in which they were written. Row keys are hashes: an index of a county's rows by key is
-- entered at another page for each row, one by running number at its end.

-- Each version takes a new number, and its index rows carry it. Writers are given blocks of 2^24 numbers (store/entries.ts).
alter table resource add column entry bigint;
update resource r set entry = n.entry
  from (select id, row_number() over (order by updated_at, id) as entry from resource) n where n.id = r.id;
alter table resource alter column entry set not null;
insert into counter (name, value) select 'index-entry', count(*) / 16777216 from resource;

drop index idx_token_by_value, idx_token_by_resource, idx_string_by_value, idx_string_by_resource, idx_date_by_resource,
  idx_reference_by_target, idx_reference_by_url, idx_reference_by_identifier, idx_reference_by_resource,
  idx_quantity_by_value, idx_quantity_by_resource;
alter table idx_token add column entry bigint;
alter table idx_string add column entry bigint;
alter table idx_date add column entry bigint;
alter table idx_reference add column entry bigint;
alter table idx_quantity add column entry bigint;
update idx_token x set entry = r.entry from resource r where r.id = x.resource;
update idx_string x set entry = r.entry from resource r where r.id = x.resource;
update idx_date x set entry = r.entry from resource r where r.id = x.resource;
update idx_reference x set entry = r.entry from resource r where r.id = x.resource;
update idx_quantity x set entry = r.entry from resource r where r.id = x.resource;
alter table idx_token alter column entry set not null;
alter table idx_string alter column entry set not null;
alter table idx_date alter column entry set not null;
alter table idx_reference alter column entry set not null;
alter table idx_quantity alter column entry set not null;

-- The rows of one value stand in the order of writing; `resource` comes along, because that is what most searches want.
create index idx_token_by_value on idx_token (param, value, entry) include (resource);
create index idx_token_by_entry on idx_token (entry);
create index idx_string_by_value on idx_string (param, value, entry) include (resource);
create index idx_string_by_entry on idx_string (entry);
create index idx_date_by_entry on idx_date (entry);
create index idx_reference_by_target on idx_reference (target, param, entry) include (resource) where target is not null;
create index idx_reference_by_url on idx_reference (param, url, entry) include (resource) where url is not null;
create index idx_reference_by_identifier on idx_reference (param, identifier, entry) include (resource)
  where identifier is not null;
create index idx_reference_by_entry on idx_reference (entry);
create index idx_quantity_by_value on idx_quantity (param, value, entry) include (resource);
create index idx_quantity_by_entry on idx_quantity (entry);
