-- What the search shows of each code of a release: status, work, and the payment in an office, or
-- in a facility where the service is not done in an office.
select
  hcpcs_code, status_code, price_status, cast(work_rvu as varchar),
  cast(if(nonfacility_na and not facility_na, facility_payment, nonfacility_payment) as varchar),
  nonfacility_na and not facility_na and facility_payment is not null
from code_profile
where release_id = $release_id
order by hcpcs_code
