-- What the engines keep beside their resources: work lists, due times, keys that must be unique, bookings, stock.
-- Everything here follows from the resources (decision 0004) and can be rebuilt from their versions.

-- A case of a loop; its Task holds the whole state, this row what lists and figures ask for.
create table loop_case (
  id text collate "C" primary key,
  loop text collate "C" not null,
  loop_version integer not null,
  seq integer not null,
  outcome text collate "C" not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  opener_org text collate "C" not null,
  opener_person text collate "C" not null,
  subject text collate "C",
  parent text collate "C",
  rating double precision,
  title text not null
);
create index loop_case_by_loop on loop_case (loop, opened_at desc, id);
create index loop_case_by_opener on loop_case (opener_org, outcome, opened_at desc);
create index loop_case_by_subject on loop_case (subject) where subject is not null;
create index loop_case_by_parent on loop_case (parent) where parent is not null;

-- One stay in one state; `until_at` is null while it lasts. The open ones are the work lists.
create table loop_stay (
  case_id text collate "C" not null,
  branch text collate "C" not null,
  entry integer not null,
  loop text collate "C" not null,
  state text collate "C" not null,
  since_at timestamptz not null,
  until_at timestamptz,
  due_at timestamptz,
  owner_party text collate "C",
  owner_roles text[] not null default '{}',
  owner_org text collate "C",
  owner_person text collate "C",
  escalated integer not null default 0,
  primary key (case_id, branch, entry)
);
create index loop_stay_of_org on loop_stay (owner_org, due_at, case_id) where until_at is null;
create index loop_stay_of_person on loop_stay (owner_person, due_at, case_id) where until_at is null and owner_person is not null;
create index loop_stay_by_state on loop_stay (loop, state, since_at);

-- The time line of a case, refusals left out.
create table loop_event (
  case_id text collate "C" not null,
  seq integer not null,
  event text collate "C" not null,
  person text collate "C" not null,
  org text collate "C" not null,
  role text collate "C" not null,
  at timestamptz not null,
  command uuid,
  reason text,
  response text collate "C",
  primary key (case_id, seq)
);

-- Due times of every mechanism. A row is taken and deleted in the transaction of the act that it causes: it fires once.
create table due_time (
  id text collate "C" primary key,
  mechanism text collate "C" not null,
  at timestamptz not null,
  target text collate "C" not null,
  key text collate "C" not null,
  tries integer not null default 0
);
create index due_time_by_at on due_time (at);
create index due_time_by_target on due_time (target, key);

-- Notices to people, newest first; read marks are the reader's.
create table notice (
  id uuid primary key,
  at timestamptz not null,
  org text collate "C",
  roles text[] not null default '{}',
  person text collate "C",
  about text collate "C" not null,
  case_id text collate "C",
  text_zh text not null,
  text_en text not null
);
create index notice_by_org on notice (org, at desc);
create index notice_by_person on notice (person, at desc) where person is not null;

-- Register entries by key and period. `slot` holds the key while the entry is in force: no two at once.
create table register_entry (
  id text collate "C" primary key,
  register text collate "C" not null,
  key text collate "C" not null,
  subject text collate "C",
  from_date date not null,
  to_date date,
  data jsonb not null,
  type text collate "C" not null
);
create unique index register_entry_in_force on register_entry (register, key) where to_date is null;
create index register_entry_by_key on register_entry (register, key, from_date);
create index register_entry_by_subject on register_entry (subject, from_date) where subject is not null;
create index register_entry_by_period on register_entry (register, from_date, to_date);

-- Pools: units and bookings. The unit's row is locked while a booking is checked.
create table pool_unit (
  id text collate "C" primary key,
  pool text collate "C" not null,
  capacity integer not null,
  tags text[] not null default '{}',
  open boolean not null default true,
  title text not null
);
create index pool_unit_by_pool on pool_unit (pool, id);
create table pool_booking (
  id text collate "C" primary key,
  pool text collate "C" not null,
  unit text collate "C" not null,
  holder text collate "C" not null,
  from_at timestamptz not null,
  to_at timestamptz,
  state text collate "C" not null,
  expires_at timestamptz,
  asked_at timestamptz not null,
  order_id text collate "C"
);
create index pool_booking_by_unit on pool_booking (unit, from_at) where state <> 'released';
create index pool_booking_by_holder on pool_booking (pool, holder) where state <> 'released';

-- Recurring work: one row for each thing due in each period.
create table recurring_due (
  id text collate "C" primary key,
  plan text collate "C" not null,
  object text collate "C" not null,
  period text collate "C" not null,
  due_date date not null,
  done_at timestamptz,
  owner_org text collate "C"
);
create unique index recurring_due_once on recurring_due (plan, object, period);
create index recurring_due_open on recurring_due (plan, due_date) where done_at is null;

-- Stock by lot and expiry; the balance of a lot never falls below zero.
create table stock_lot (
  id text collate "C" primary key,
  store text collate "C" not null,
  item text collate "C" not null,
  lot text collate "C" not null,
  expiry date not null,
  quantity bigint not null check (quantity >= 0)
);
create unique index stock_lot_once on stock_lot (store, item, lot);
create index stock_lot_by_expiry on stock_lot (store, item, expiry);

-- An alert that stands: one for each rule and object until it ends.
create table alert_open (
  rule text collate "C" not null,
  object text collate "C" not null,
  case_id text collate "C",
  since_at timestamptz not null,
  readings integer not null,
  last_at timestamptz not null,
  primary key (rule, object)
);

-- Trees of tasks: one row for each node; leaves carry lead, due date, evidence and the reports of those who take part.
create table tree_node (
  id text collate "C" primary key,
  tree text collate "C" not null,
  node text collate "C" not null,
  parent text collate "C",
  leaf boolean not null,
  title text not null,
  lead text collate "C",
  co_leads text[] not null default '{}',
  due_date date,
  done_at timestamptz,
  progress integer not null default 0,
  evidence text[] not null default '{}',
  reported text[] not null default '{}'
);
create unique index tree_node_once on tree_node (tree, node);
create index tree_node_due on tree_node (tree, due_date) where leaf and done_at is null;

-- Agreements: the Contract holds the text; here who is bound by what from when until when.
create table agreement (
  id text collate "C" primary key,
  kind text collate "C" not null,
  parties jsonb not null,
  signed text[] not null default '{}',
  from_date date not null,
  to_date date not null,
  in_force_from date,
  ended_on date,
  fulfilled jsonb not null default '{}',
  renewal_of text collate "C"
);
create index agreement_by_kind on agreement (kind, from_date);

-- One row for each answer to a survey.
create table survey_answer (
  response text collate "C" primary key,
  survey text collate "C" not null,
  at timestamptz not null,
  valid boolean not null,
  satisfied boolean not null,
  about text collate "C",
  case_id text collate "C"
);
create index survey_answer_by_time on survey_answer (survey, at);
