-- "What I wait for" in its other two orders: by time in the state, by number.
create index loop_stay_waiting_age on loop_stay (opener_org, since_at, case_id) where until_at is null;
create index loop_stay_waiting_number on loop_stay (opener_org, loop, case_id) where until_at is null;
