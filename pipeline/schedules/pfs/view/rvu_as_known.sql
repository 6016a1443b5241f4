-- of: rvu
-- adds: posting_id, known_from, known_to, effective_from, effective_to
-- Every posting, superseded ones too: ask for a day of service and for the day on which it was known.
select rvu.*, period.posting_id, period.known_from, period.known_to, period.effective_from, period.effective_to
from rvu
join release using (release_id)
join release_period as period using (posting_id)
where release.is_current
union all by name
select rvu.*, period.known_from, period.known_to, period.effective_from, period.effective_to
from superseded.rvu
join release_period as period using (posting_id)
