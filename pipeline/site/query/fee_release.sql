-- Which release of each other schedule answers beside a release of the Physician Fee Schedule, and its days.
select held.slot as beside, held.schedule, held.release_id, release.effective_from, release.effective_to
from site_fee_release as held
join release on release.is_current and release.release_id = held.release_id
where held.schedule <> 'pfs'
order by beside, held.schedule
