-- Who may see what: the organisation tree, care relations, work in hand, consent, guardians; users, sessions, clients.
-- Everything above the line "users" is a projection of resources and can be rebuilt from them.

create table org_node (
  id uuid primary key,
  fhir_id text collate "C" not null,
  parent uuid,
  -- `/root/child/…/` of row keys: an organisation and all below it share its path as a prefix.
  path text collate "C" not null,
  level text collate "C" not null,
  name text not null,
  active boolean not null default true
);
create index org_node_by_path on org_node (path);
create index org_node_by_parent on org_node (parent) where parent is not null;

-- Which organisation (and which practitioner) treats a resident, on which ground, from when until when.
create table care_relation (
  basis uuid not null,
  patient uuid not null,
  -- An organisation or a practitioner.
  party uuid not null,
  basis_type text collate "C" not null,
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (patient, party, basis)
);
create index care_relation_by_basis on care_relation (basis);
create index care_relation_by_party on care_relation (party);

-- Who has a piece of work in hand: organisations, practitioners, residents.
create table assignment (
  type text collate "C" not null,
  fhir_id text collate "C" not null,
  assignee uuid not null,
  primary key (type, fhir_id, assignee)
);
create index assignment_by_assignee on assignment (assignee);

-- What a resident has closed, by Consent: null means any organisation but the one that made the record, any kind.
create table consent_denial (
  consent uuid not null,
  ord integer not null,
  patient uuid not null,
  org uuid,
  kind text collate "C",
  from_at timestamptz not null,
  until_at timestamptz,
  primary key (consent, ord)
);
create index consent_denial_by_patient on consent_denial (patient);

-- Residents under the age of consent, until the birthday that ends it.
create table minor (
  patient uuid primary key,
  until_at timestamptz not null
);

-- RelatedPerson -> the child; Patient.link -> who the RelatedPerson is. Together they make a guardian.
create table related_person (
  id uuid primary key,
  child uuid not null,
  from_at timestamptz,
  until_at timestamptz
);
create index related_person_by_child on related_person (child);
create table patient_link (
  patient uuid not null,
  other uuid not null,
  primary key (patient, other)
);

-- PractitionerRole -> the person and the organisation behind it.
create table practitioner_role (
  id uuid primary key,
  practitioner uuid,
  org uuid
);

-- Users: people and systems that sign in.

create table app_user (
  id uuid primary key,
  login text collate "C" not null,
  name text not null,
  practitioner uuid,
  patient uuid,
  -- `$argon2id$v=19$m=…,t=…,p=…$salt$hash`; null: no password yet, nobody can sign in with one.
  password text,
  -- Encrypted with the key of YIMAI_KEY_FILE.
  totp_secret text,
  totp_pending text,
  -- The last time step accepted: a code works once.
  totp_step bigint not null default 0,
  failures integer not null default 0,
  locked_until timestamptz,
  demo boolean not null default false,
  active boolean not null default true,
  -- Subject at the outside OpenID provider.
  outside_subject text collate "C",
  created_at timestamptz not null
);
create unique index app_user_by_login on app_user (login);
create unique index app_user_by_outside_subject on app_user (outside_subject) where outside_subject is not null;

create table role_assignment (
  id uuid primary key,
  user_id uuid not null references app_user (id),
  role text collate "C" not null,
  org uuid not null,
  org_fhir_id text collate "C" not null,
  rights text[] not null default '{}',
  from_at timestamptz not null,
  until_at timestamptz
);
create index role_assignment_by_user on role_assignment (user_id);

-- A session is a random token kept only as its hash: of a browser, a script of this machine, or an API client.
create table session (
  id uuid primary key,
  token_hash bytea not null,
  user_id uuid references app_user (id),
  client text collate "C",
  kind text collate "C" not null,
  label text not null default '',
  scopes text[],
  created_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create unique index session_by_token on session (token_hash);
create index session_by_user on session (user_id) where user_id is not null;

create table api_client (
  id text collate "C" primary key,
  user_id uuid not null references app_user (id),
  name text not null,
  scopes text[] not null,
  jwks text not null,
  active boolean not null default true,
  created_at timestamptz not null
);

-- Client assertions that were used: each works once.
create table client_assertion (
  client text collate "C" not null,
  jti text collate "C" not null,
  until_at timestamptz not null,
  primary key (client, jti)
);

-- The store of the OpenID provider inside.
create table oidc_item (
  model text collate "C" not null,
  id text collate "C" not null,
  payload text not null,
  grant_id text collate "C",
  user_code text collate "C",
  uid text collate "C",
  consumed_at timestamptz,
  expires_at timestamptz,
  primary key (model, id)
);
create index oidc_item_by_grant on oidc_item (grant_id) where grant_id is not null;
create index oidc_item_by_uid on oidc_item (model, uid) where uid is not null;
create index oidc_item_by_user_code on oidc_item (model, user_code) where user_code is not null;

-- An emergency look at one resident's record: opened with a reason, short, reviewed afterwards.
create table break_glass (
  id uuid primary key,
  user_id uuid not null references app_user (id),
  patient uuid not null,
  patient_fhir_id text collate "C" not null,
  role text collate "C" not null,
  org uuid not null,
  reason text not null,
  locks text[] not null default '{}',
  opened_at timestamptz not null,
  until_at timestamptz not null,
  review_until timestamptz not null,
  reviewed_at timestamptz,
  reviewed_by uuid,
  verdict text collate "C",
  note text
);
create index break_glass_by_user on break_glass (user_id, until_at);
create index break_glass_to_review on break_glass (review_until) where reviewed_at is null;

-- The second belt, closer: beyond the own organisations a reader's policy reaches only the kinds named in app.reach;
-- single persons (the own file, an emergency look) stand in app.persons. A missing setting closes.
drop policy resource_by_reader on resource;
create policy resource_by_reader on resource using (
  current_setting('app.reach', true) = 'all'
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
drop policy history_by_reader on history;
create policy history_by_reader on history using (
  current_setting('app.reach', true) = 'all'
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
drop policy change_by_reader on change;
create policy change_by_reader on change using (
  current_setting('app.reach', true) = 'all'
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
