-- The ledger: runs of postings (months, years, corrections), their entries, accounts and periods of one consortium.
-- Keys are made by the writer; nothing here reads a clock. An entry moves one amount from its credit to its debit account,
-- so that debits equal credits in every posting by construction.

create table ledger_period (
  period text collate "C" primary key,
  state text collate "C" not null check (state in ('open', 'locked')),
  locked_at timestamptz,
  locked_by uuid
);

create table ledger_run (
  id uuid primary key,
  period text collate "C" not null references ledger_period (period),
  kind text collate "C" not null,
  -- What the run settles: a region, a hospital, a consortium.
  scope text collate "C" not null,
  version integer not null check (version > 0),
  -- The command that caused it: applied once, however often it is sent.
  command uuid not null unique,
  supersedes uuid unique references ledger_run (id),
  digest text collate "C" not null,
  entry_count integer not null check (entry_count >= 0),
  total_fen bigint not null,
  posted_at timestamptz not null,
  -- Two clearings of one period started at the same moment post once.
  unique (period, kind, scope, version)
);

create table ledger_account (
  account text collate "C" primary key,
  -- The side on which the balance must stay: a debit balance is positive. An account that may not go negative cannot.
  side text collate "C" not null check (side in ('any', 'debit', 'credit')),
  balance_fen bigint not null,
  check (side <> 'debit' or balance_fen >= 0),
  check (side <> 'credit' or balance_fen <= 0)
);

create table ledger_entry (
  run uuid not null references ledger_run (id),
  number integer not null,
  key text collate "C" not null,
  kind text collate "C" not null,
  source text collate "C" not null check (source in ('insurance', 'public-health', 'fiscal', 'special')),
  purpose text collate "C" not null,
  posted_on date not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_fen bigint not null check (amount_fen > 0),
  case_id text collate "C",
  rule_row text collate "C" not null,
  text_zh text not null,
  text_en text not null,
  primary key (run, number),
  check (debit <> credit)
);
create index ledger_entry_by_case on ledger_entry (case_id) where case_id is not null;

-- Append-only: the application reads and adds entries and runs; what the restrictive policies say reaches no row at all.
alter table ledger_entry enable row level security;
create policy ledger_entry_open on ledger_entry using (true) with check (true);
create policy ledger_entry_unchanged on ledger_entry as restrictive for update using (false);
create policy ledger_entry_kept on ledger_entry as restrictive for delete using (false);
alter table ledger_run enable row level security;
create policy ledger_run_open on ledger_run using (true) with check (true);
create policy ledger_run_unchanged on ledger_run as restrictive for update using (false);
create policy ledger_run_kept on ledger_run as restrictive for delete using (false);
