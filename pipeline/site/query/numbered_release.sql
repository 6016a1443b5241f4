-- The releases of the Physician Fee Schedule that are loaded, numbered from the oldest on.
select release_id, effective_from, row_number() over (order by effective_from, release_id) - 1 as number
from release
where schedule = 'pfs' and is_current
