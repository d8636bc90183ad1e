--! breaking
-- Who opened the case stands with each of its stays, so that "what I wait for" pages along an index as other lists do. An
-- opener never changes: not by hand-over, return or re-opening.
alter table loop_stay add column opener_org text collate "C";
update loop_stay s set opener_org = c.opener_org from loop_case c where c.id = s.case_id;
alter table loop_stay alter column opener_org set not null;
create index loop_stay_of_opener on loop_stay (opener_org, due_at, case_id) where until_at is null;
