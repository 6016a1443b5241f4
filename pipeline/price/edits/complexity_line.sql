-- G2211 beside a visit with modifier 25, where no preventive service or vaccine of the day excuses it,
-- and (gate 0) without the visit that it adds to.
with added as (
  select line_id, patient_key, specialist_key, date_of_service from claim_line where hcpcs_code = 'G2211'
),
added_day as (
  select distinct patient_key, specialist_key, date_of_service from added
),
listed as (
  select used_code.hcpcs_code, known.code_list, known.effective_from, known.effective_to
  from used_code
  join (values $complexity_codes) as known (code_list, first_code, last_code, effective_from, effective_to)
    on used_code.hcpcs_code between known.first_code and known.last_code
),
company as (
  select
    line.patient_key, line.specialist_key, line.date_of_service,
    max(case when listed.code_list = 'complexity_visit' then 1 else 0 end) as has_visit,
    max(case when listed.code_list = 'complexity_visit' then modifiers.has_25 else 0 end) as has_visit_with_25,
    max(case when listed.code_list = 'complexity_exception' then 1 else 0 end) as has_exception
  from claim_line as line
  join listed on listed.hcpcs_code = line.hcpcs_code
  join added_day
    on added_day.patient_key = line.patient_key and added_day.specialist_key = line.specialist_key
    and added_day.date_of_service = line.date_of_service
  join edit_modifier_set as modifiers
    on modifiers.modifier_1 = line.modifier_1 and modifiers.modifier_2 = line.modifier_2
    and modifiers.modifier_3 = line.modifier_3 and modifiers.modifier_4 = line.modifier_4
  where line.date_of_service between listed.effective_from and listed.effective_to
  group by line.patient_key, line.specialist_key, line.date_of_service
)
select
  added.line_id,
  case when company.has_visit_with_25 = 1 and company.has_exception = 0 then $step_visit_complexity_with_25 else 0 end as edit_gate,
  case when company.has_visit_with_25 = 1 and company.has_exception = 0 then 'the visit with modifier 25' else '' end as denied_by
from added
left join company
  on company.patient_key = added.patient_key and company.specialist_key = added.specialist_key
  and company.date_of_service = added.date_of_service
where coalesce(company.has_visit, 0) = 0 or company.has_visit_with_25 = 1 and company.has_exception = 0
