-- severity: warning
-- CMS's own amounts agree with ours; a file of CMS that is out of date is named in reconciliation.
-- payment: none; CMS's files are stale now and then, and a misread one was left unread before.
select release_id,
  trim(format('{}: {} of {} values differ{}{}. {}', comparison, different_count, compared_count, if(known_count > 0, format(', {} more for a known reason', known_count), ''), if(verdict = 'differs', '', ' (' || verdict || ')'), message)) as finding
from reconciliation
where different_count > 0
