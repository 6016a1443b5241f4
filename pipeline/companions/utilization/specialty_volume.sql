-- The lines of the file by provider, added up over the providers; unsound lines stay apart.
select
  calendar_year,
  hcpcs_code,
  specialty,
  if(facility_flag = 'F', 'facility', 'nonfacility') as setting,
  count(*)::integer as provider_count,
  sum(beneficiary_count)::bigint as provider_patient_count,
  sum(service_count)::decimal(18, 4) as service_count,
  round(sum(average_allowed_amount::decimal(22, 10) * service_count::decimal(16, 4)), 2)::decimal(18, 2) as total_allowed_amount,
  source_file,
  is_sound,
  count(*) as line_count
from $lines
cross join $this_file
group by all
