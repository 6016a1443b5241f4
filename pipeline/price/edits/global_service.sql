-- What may lie in a global period: visits of patients with surgery, and surgery of those who have it on several days.
with visit_code as (
  select used_code.hcpcs_code
  from used_code
  join (values $global_visits) as listed (first_code, last_code) on used_code.hcpcs_code between listed.first_code and listed.last_code
)
select
  line.line_id, line.patient_key, line.specialist_key, line.date_of_service, line.hcpcs_code,
  line.modifier_1, line.modifier_2, line.modifier_3, line.modifier_4, 'visit' as service_kind
from claim_line as line
join surgery_patient as patient on patient.patient_key = line.patient_key
where line.hcpcs_code in (select hcpcs_code from visit_code)
  and line.date_of_service between patient.first_day - 1 and patient.last_day + 90
union all
select
  line.line_id, line.patient_key, line.specialist_key, line.date_of_service, line.hcpcs_code,
  line.modifier_1, line.modifier_2, line.modifier_3, line.modifier_4, 'procedure'
from claim_line as line
join surgery_patient as patient on patient.patient_key = line.patient_key
where line.hcpcs_code in (select hcpcs_code from surgery_code)
  and patient.first_day < patient.last_day and line.date_of_service > patient.first_day
