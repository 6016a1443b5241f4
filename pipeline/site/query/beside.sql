-- The releases of other schedules that answer beside each release of the Physician Fee Schedule.
select slot, list(release_id order by schedule)
from site_fee_release
where schedule <> 'pfs'
group by slot
