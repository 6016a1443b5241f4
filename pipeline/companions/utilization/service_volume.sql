-- The lines of the file by area; a line is a row, and unsound lines stay apart.
select
  calendar_year,
  hcpcs_code,
  geography_level,
  geography,
  if(facility_flag = 'F', 'facility', 'nonfacility') as setting,
  provider_count,
  beneficiary_count,
  service_count,
  round(average_allowed_amount::decimal(22, 10) * service_count::decimal(16, 4), 2)::decimal(18, 2) as total_allowed_amount,
  source_file,
  is_sound,
  1 as line_count
from $lines
cross join $this_file
