-- Every code of a release for the list of its section.
select section, hcpcs_code, subsection, status_code, global_days, work_rvu, nonfacility_total_rvu, facility_total_rvu,
  nonfacility_payment, facility_payment
from code_profile
where release_id = $release_id
order by section, hcpcs_code
