-- severity: error
-- A day of service has at most one posting of a series of a schedule in force, whatever was known.
-- payment: any on that day; our own periods, which never overlap.
select one.release_id, format('{} and {} both answer for days of service from {}', one.posting_id, other.posting_id, greatest(one.effective_from, other.effective_from)) as finding
from release_period as one
join release_period as other
  on one.schedule = other.schedule and one.series = other.series and one.posting_id < other.posting_id
  and one.effective_from <= other.effective_to and other.effective_from <= one.effective_to
  and one.known_from <= other.known_to and other.known_from <= one.known_to
