-- Which earlier runs a run corrects from a later period: a locked month is never written again, its correction leads back to it.
create table ledger_correction (
  run uuid not null references ledger_run (id),
  corrects uuid not null references ledger_run (id),
  primary key (run, corrects),
  check (run <> corrects)
);
create index ledger_correction_back on ledger_correction (corrects);
alter table ledger_correction enable row level security;
create policy ledger_correction_open on ledger_correction using (true) with check (true);
create policy ledger_correction_unchanged on ledger_correction as restrictive for update using (false);
create policy ledger_correction_kept on ledger_correction as restrictive for delete using (false);
