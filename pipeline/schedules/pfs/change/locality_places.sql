-- The localities that both releases of a pair have, with the indices of each.
select
  pairs.release_id, pairs.previous_release_id, after.mac, after.locality_number,
  before.work_gpci as work_gpci_before, before.pe_gpci as pe_gpci_before, before.mp_gpci as mp_gpci_before,
  after.work_gpci as work_gpci_after, after.pe_gpci as pe_gpci_after, after.mp_gpci as mp_gpci_after
from $pairs as pairs
join locality as after on after.release_id = pairs.release_id
join locality as before
  on before.release_id = pairs.previous_release_id
  and before.mac = after.mac and before.locality_number = after.locality_number
where before.work_gpci is not null and after.work_gpci is not null
