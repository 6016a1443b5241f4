-- adds: effective_from, effective_to
-- Every release in force, with the days of service that it is for: ask for a day between the two.
select $row, $days
from $table
join release as period using (release_id)
where period.is_current
