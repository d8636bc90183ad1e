-- Orders in which the desk pages its lists of open work: by deadline, by time in the state, by number.
create index loop_stay_list_age on loop_stay (owner_org, since_at, case_id) where until_at is null;
create index loop_stay_list_number on loop_stay (owner_org, loop, case_id) where until_at is null;
