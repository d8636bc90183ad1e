-- What a person chose at the desk and takes along to every device: saved filters, the mark up to which notices are read,
-- quiet hours. Never data about a resident.
create table desk_setting (
  user_id uuid not null references app_user (id) on delete cascade,
  key text collate "C" not null,
  value jsonb not null,
  changed_at timestamptz not null,
  primary key (user_id, key)
);
