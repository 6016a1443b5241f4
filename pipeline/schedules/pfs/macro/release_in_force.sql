-- release_in_force(day)
-- The release_id of the release in force on a day of service, or NULL where none is loaded: of several the one that began last.
select e.release_id
from release e
where e.schedule = 'pfs' and e.is_current and day::date between e.effective_from and e.effective_to
order by e.effective_from desc, e.released_on desc
limit 1
