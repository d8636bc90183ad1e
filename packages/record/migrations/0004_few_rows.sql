-- Ways to the rows that a reader could possibly see, for readers who see few (record/src/access/candidates.ts).

-- Rows of kinds that some role sees wherever they lie: found without walking the rows of residents.
create index resource_by_house_kind on resource (type, kind) where kind in (
  'agreement', 'definition', 'figure', 'file', 'identity', 'message', 'object', 'organisation', 'schedule', 'settlement',
  'stock', 'work', 'workforce');

-- Work in hand leads to its row by key.
alter table assignment add column resource uuid;
update assignment a set resource = r.id from resource r where r.type = a.type and r.fhir_id = a.fhir_id;
delete from assignment where resource is null;
alter table assignment alter column resource set not null;
