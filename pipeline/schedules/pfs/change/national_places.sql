-- The one place at national level, where every index is 1. $pairs has the pairs of releases.
select
  release_id, previous_release_id, '' as mac, '' as locality_number,
  cast(1 as decimal(5, 3)) as work_gpci_before, cast(1 as decimal(5, 3)) as pe_gpci_before, cast(1 as decimal(5, 3)) as mp_gpci_before,
  cast(1 as decimal(5, 3)) as work_gpci_after, cast(1 as decimal(5, 3)) as pe_gpci_after, cast(1 as decimal(5, 3)) as mp_gpci_after
from $pairs
