-- What each Subscription has been told: its place in the feed, its failures, and the session in whose sight it reads.
create table subscription_state (
  id uuid primary key,
  fhir_id text collate "C" not null,
  type text collate "C" not null,
  criteria text not null,
  endpoint text not null,
  payload boolean not null,
  headers text[] not null default '{}',
  active boolean not null,
  -- The subscriber's own session, closed under the key ring: what the subscriber may no longer see is no longer sent.
  token text not null,
  session uuid not null,
  position bigint not null,
  failures integer not null default 0,
  next_at timestamptz not null
);
