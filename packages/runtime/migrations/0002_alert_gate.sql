-- One row for each rule and object that was ever judged: locked while a reading is, so that two readings at once cannot
-- both find no alert standing and open two.
create table alert_gate (
  rule text collate "C" not null,
  object text collate "C" not null,
  judged_at timestamptz not null,
  primary key (rule, object)
);
