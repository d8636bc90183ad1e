-- What a run settled, as its readers see it: statements, clearing, distribution, adopted budget. Amounts are fen as texts.
-- It follows from the entries and the record, and is kept so that a statement reads tomorrow as it read when it was paid.
create table settlement_report (
  run uuid primary key references ledger_run (id),
  report jsonb not null
);
alter table settlement_report enable row level security;
create policy settlement_report_open on settlement_report using (true) with check (true);
create policy settlement_report_unchanged on settlement_report as restrictive for update using (false);
create policy settlement_report_kept on settlement_report as restrictive for delete using (false);
