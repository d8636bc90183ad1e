-- The record: current versions, history, index rows, commands, the change feed and the audit of one consortium.
-- Rules: design note docs/decisions/0002-storage.md. All keys are made by the writer; nothing here reads a clock.

-- Current version of each resource. `id` follows from type and FHIR id (rowKey), so a reference is a key by itself.
create table resource (
  id uuid primary key,
  type text collate "C" not null,
  fhir_id text collate "C" not null,
  version integer not null,
  updated_at timestamptz not null,
  deleted boolean not null default false,
  -- What the policy table decides by: the kind of data, locked classes, the owning organisation, the person it is about.
  kind text collate "C" not null,
  locks text[] not null default '{}',
  org uuid,
  patient uuid,
  -- The engine that owns it; null means that FHIR REST may write it.
  engine text collate "C",
  -- JSON text as stored; null once deleted. Encrypted values stand as enc: texts.
  content text
);
create index resource_by_type on resource (type, updated_at desc, id);
create index resource_by_patient on resource (patient, type) where patient is not null;
create index resource_by_org on resource (org, type) where org is not null;

-- Earlier versions, moved here when a newer one is written; labels are those of the version.
create table history (
  id uuid not null,
  version integer not null,
  type text collate "C" not null,
  fhir_id text collate "C" not null,
  updated_at timestamptz not null,
  deleted boolean not null default false,
  kind text collate "C" not null,
  locks text[] not null default '{}',
  org uuid,
  patient uuid,
  engine text collate "C",
  content text,
  primary key (id, version)
);
create index history_by_type on history (type, updated_at desc, id);

-- Index rows of the current versions. `param` is the hash of `Type.code` (fhir room: paramId); `part` joins the
-- components of a composite parameter.
create table idx_token (
  resource uuid not null,
  param integer not null,
  value text collate "C" not null,
  system text collate "C",
  display text collate "C",
  part integer
);
create index idx_token_by_value on idx_token (param, value, resource);
create index idx_token_by_resource on idx_token (resource);

create table idx_string (
  resource uuid not null,
  param integer not null,
  value text collate "C" not null,
  exact text collate "C",
  part integer
);
create index idx_string_by_value on idx_string (param, value, resource);
create index idx_string_by_resource on idx_string (resource);

create table idx_date (
  resource uuid not null,
  param integer not null,
  low timestamptz not null,
  high timestamptz not null,
  part integer
);
create index idx_date_by_low on idx_date (param, low, resource);
create index idx_date_by_resource on idx_date (resource);

create table idx_reference (
  resource uuid not null,
  param integer not null,
  -- Row key of the target where it is a relative reference; the target need not exist.
  target uuid,
  target_type text collate "C",
  -- Absolute URLs and canonicals, with the version apart; or `system|value` of a logical reference.
  url text collate "C",
  url_version text collate "C",
  identifier text collate "C",
  part integer
);
create index idx_reference_by_target on idx_reference (target, param, resource) where target is not null;
create index idx_reference_by_url on idx_reference (param, url, resource) where url is not null;
create index idx_reference_by_identifier on idx_reference (param, identifier, resource) where identifier is not null;
create index idx_reference_by_resource on idx_reference (resource);

create table idx_quantity (
  resource uuid not null,
  param integer not null,
  value numeric not null,
  low numeric not null,
  high numeric not null,
  system text collate "C",
  code text collate "C",
  unit text collate "C",
  part integer
);
create index idx_quantity_by_value on idx_quantity (param, value, resource);
create index idx_quantity_by_resource on idx_quantity (resource);

-- Answers by command id: the same id from the same person with the same body gets the first answer.
create table command (
  id uuid primary key,
  person uuid not null,
  body_hash bytea not null,
  type text collate "C" not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  answer text not null
);

-- The change feed. Commits write unnumbered rows; the sequencer of the consortium numbers what it sees committed.
create table change_pending (
  tx uuid not null,
  ord integer not null,
  resource uuid not null,
  type text collate "C" not null,
  fhir_id text collate "C" not null,
  version integer not null,
  op text collate "C" not null,
  kind text collate "C" not null,
  locks text[] not null default '{}',
  org uuid,
  patient uuid,
  command uuid,
  recorded_at timestamptz not null,
  primary key (tx, ord)
);
create table change (
  seq bigint primary key,
  tx uuid not null,
  ord integer not null,
  resource uuid not null,
  type text collate "C" not null,
  fhir_id text collate "C" not null,
  version integer not null,
  op text collate "C" not null,
  kind text collate "C" not null,
  locks text[] not null default '{}',
  org uuid,
  patient uuid,
  command uuid,
  recorded_at timestamptz not null
);
create index change_by_command on change (command) where command is not null;

-- The audit. `body` is the canonical JSON that the hash covers; `patient` and `at` are there to find it by.
create table audit_pending (
  id uuid primary key,
  at timestamptz not null,
  person uuid,
  org uuid,
  patient uuid,
  action text collate "C" not null,
  body text not null
);
create table audit (
  seq bigint primary key,
  id uuid not null,
  at timestamptz not null,
  person uuid,
  org uuid,
  patient uuid,
  action text collate "C" not null,
  body text not null,
  hash bytea not null
);
create unique index audit_by_id on audit (id);
create index audit_by_patient on audit (patient, at desc) where patient is not null;
create index audit_by_person on audit (person, at desc);
create index audit_by_at on audit (at desc);

-- One row a consortium: the sequencer locks it, so that only one numbers at a time and two never fork the chain.
create table sequencer (
  one boolean primary key default true check (one),
  change_seq bigint not null default 0,
  audit_seq bigint not null default 0,
  audit_hash bytea not null default '\x'
);
insert into sequencer (one) values (true);

-- Running numbers that people see (scale.md rule 10).
create table counter (
  name text collate "C" primary key,
  value bigint not null
);

-- Second belt: whatever statement is written, rows of other organisations stay closed unless the reader's policy
-- reaches persons across organisations (app.reach). A missing setting closes.
alter table resource enable row level security;
create policy resource_by_reader on resource using (
  org is null
  or current_setting('app.reach', true) = 'all'
  or (patient is not null and current_setting('app.reach', true) = 'patients')
  or org::text = any (string_to_array(current_setting('app.orgs', true), ','))
);
alter table history enable row level security;
create policy history_by_reader on history using (
  org is null
  or current_setting('app.reach', true) = 'all'
  or (patient is not null and current_setting('app.reach', true) = 'patients')
  or org::text = any (string_to_array(current_setting('app.orgs', true), ','))
);
alter table change enable row level security;
create policy change_by_reader on change using (
  org is null
  or current_setting('app.reach', true) = 'all'
  or (patient is not null and current_setting('app.reach', true) = 'patients')
  or org::text = any (string_to_array(current_setting('app.orgs', true), ','))
);
