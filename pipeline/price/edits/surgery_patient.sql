-- The patients with surgery, and on which days.
select patient_key, min(date_of_service) as first_day, max(date_of_service) as last_day
from claim_line
where hcpcs_code in (select hcpcs_code from surgery_code) and date_of_service is not null
group by patient_key
