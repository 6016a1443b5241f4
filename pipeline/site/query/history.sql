-- The history of every code, oldest release first.
select
  hcpcs_code, release_id, status_code, work_rvu, nonfacility_total_rvu, facility_total_rvu, nonfacility_payment,
  facility_payment, change_from_previous, vanished_release_id
from code_history
order by hcpcs_code, effective_from, release_id
