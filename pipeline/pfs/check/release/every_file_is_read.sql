-- severity: warning
-- A layout is declared for every file of the release; one without is left unread, and what it would give is missing.
select file_kind, null as source_line,
  format('{} was not read: no layout of {} is declared for {} in this form (pfs layout draft makes a beginning)', file, file_kind, calendar_year) as finding
from stage.unread_file, this_release
