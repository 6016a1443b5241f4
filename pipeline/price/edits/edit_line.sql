-- The lines of patients who have another one on the same day. Only days of which edits are known
-- are looked at. The first line of a patient and day is their number; specialist_key divides them further.
with grouped as (
  select patient_key, date_of_service, min(line_id) as group_number
  from claim_line
  where date_of_service in (
    select service_day from edit_day
    where pair_release_id is not null or unit_release_id is not null or supplier_release_id is not null
  )
  group by patient_key, date_of_service
  having count(*) > 1
)
select
  line.line_id, grouped.group_number, line.specialist_key, line.provider_id, line.date_of_service, line.hcpcs_code, line.units, line.mile_not_driven,
  line.modifier_1, line.modifier_2, line.modifier_3, line.modifier_4
from claim_line as line
join grouped on grouped.patient_key = line.patient_key and grouped.date_of_service = line.date_of_service
