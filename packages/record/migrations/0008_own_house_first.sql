-- The second belt asks the same in another order: rows of the own organisations, which are most of what is read, are known
-- by one comparison, before the list of kinds that the role reaches beyond them is taken apart for each row.
alter policy resource_by_reader on resource using (
  current_setting('app.reach', true) = 'all'
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
alter policy history_by_reader on history using (
  current_setting('app.reach', true) = 'all'
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
alter policy change_by_reader on change using (
  current_setting('app.reach', true) = 'all'
  or strpos(current_setting('app.orgs', true), org::text) > 0
  or kind = any (string_to_array(current_setting('app.reach', true), ','))
  or strpos(current_setting('app.persons', true), patient::text) > 0
);
