-- Work in hand of one type: an office with a hundred thousand open cases is not walked through to learn that it has no
-- other work in hand.
create index assignment_by_assignee_type on assignment (assignee, type) include (resource);
drop index assignment_by_assignee;
