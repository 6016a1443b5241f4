-- Groups with a service that is paid only where nothing else is (status T): there are very few.
select distinct line.patient_key, line.provider_key, line.date_of_service, line.is_grouped_by_claim
from claim_line as line
join service_day on service_day.service_day = line.date_of_service
join (select distinct release_id, hcpcs_code from price_basis where status_code = 'T') as lone
  on lone.release_id = service_day.release_id and lone.hcpcs_code = line.hcpcs_code
