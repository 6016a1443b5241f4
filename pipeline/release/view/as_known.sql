-- adds: posting_id, known_from, known_to, effective_from, effective_to
-- Every posting, superseded ones too: ask for a day of service and for the day on which it was known.
select $row, period.posting_id, period.known_from, period.known_to, $days
from $table
join release using (release_id)
join release_period as period using (posting_id)
where release.is_current
union all by name
select $row, period.known_from, period.known_to, $days
from superseded.$table
join release_period as period using (posting_id)
