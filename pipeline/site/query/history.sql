-- The history of every code, oldest release first, with what RVUs and the conversion factor did to
-- its payments.
select
  hcpcs_code, release_id, status_code, work_rvu, nonfacility_total_rvu, facility_total_rvu, nonfacility_payment,
  facility_payment, change_from_previous, vanished_release_id, nonfacility_payment_change,
  round(nonfacility_due_to_rvu, 2), round(nonfacility_due_to_conversion_factor, 2), facility_payment_change,
  round(facility_due_to_rvu, 2), round(facility_due_to_conversion_factor, 2)
from site_history
order by hcpcs_code, effective_from
