-- The sections of a release: how many codes, how many of them priced, and the spread of work.
select
  section,
  any_value(code_system) as code_system,
  count(*) as code_count,
  count(*) filter (price_status = 'priced') as priced_count,
  any_value(peer_count) as peer_count,
  any_value(min_work_rvu) as min_work_rvu,
  any_value(lower_quartile_work_rvu) as lower_quartile_work_rvu,
  any_value(median_work_rvu) as median_work_rvu,
  any_value(upper_quartile_work_rvu) as upper_quartile_work_rvu,
  any_value(max_work_rvu) as max_work_rvu,
  any_value(max_hcpcs_code) as max_hcpcs_code,
  max(facility_payment) as highest_facility_payment,
  arg_max(hcpcs_code, facility_payment) as highest_facility_code,
  max(nonfacility_payment) as highest_nonfacility_payment,
  arg_max(hcpcs_code, nonfacility_payment) as highest_nonfacility_code,
  max_by(hcpcs_code, ranked_work_rvu, 8) as highest_work_codes
from code_profile
where release_id = $release_id
group by section
order by min(hcpcs_code)
