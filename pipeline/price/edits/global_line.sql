-- Visits and procedures in the global period of a surgery without the modifier that gets them paid
-- there. The last surgery is named.
with service_date as (
  select distinct patient_key, specialist_key, date_of_service from global_service
),
met as (
  select
    service_date.patient_key, service_date.specialist_key, service_date.date_of_service,
    period.surgery_day, period.surgery_code, period.global_days, period.period_part
  from service_date
  join global_period as period
    on period.patient_key = service_date.patient_key and period.specialist_key = service_date.specialist_key
  where service_date.date_of_service between period.from_day and period.to_day
),
excused as (
  select
    one.modifier_1, one.modifier_2, one.modifier_3, one.modifier_4,
    listed.service_kind, listed.period_part, listed.global_days, min(listed.effective_from) as effective_from
  from modifier_of_set as one
  join (values $global_modifiers) as listed (service_kind, period_part, global_days, claim_modifier, effective_from)
    on listed.claim_modifier = one.claim_modifier
  group by
    one.modifier_1, one.modifier_2, one.modifier_3, one.modifier_4, listed.service_kind, listed.period_part, listed.global_days
),
included as (
  select
    service.line_id, service.service_kind, met.surgery_day, met.surgery_code, met.global_days,
    row_number() over (partition by service.line_id order by met.surgery_day desc, met.surgery_code, met.global_days) as choice
  from global_service as service
  join met
    on met.patient_key = service.patient_key and met.specialist_key = service.specialist_key
    and met.date_of_service = service.date_of_service
  join modifier_set
    on modifier_set.modifier_1 = service.modifier_1 and modifier_set.modifier_2 = service.modifier_2
    and modifier_set.modifier_3 = service.modifier_3 and modifier_set.modifier_4 = service.modifier_4
  left join excused
    on excused.modifier_1 = service.modifier_1 and excused.modifier_2 = service.modifier_2
    and excused.modifier_3 = service.modifier_3 and excused.modifier_4 = service.modifier_4
    and excused.service_kind = service.service_kind and excused.period_part = met.period_part
    and excused.global_days in ('', met.global_days) and excused.effective_from <= service.date_of_service
  where excused.service_kind is null
    and (
      service.service_kind = 'visit'
      or met.period_part = 'after' and modifier_set.surgeon_role = '' and modifier_set.component <> 'TC'
      and modifier_set.global_part not in ('54', '55', '56')
    )
)
select
  line_id,
  case when service_kind = 'visit' then $step_global_visit else $step_global_procedure end as edit_gate,
  'global ' || global_days || ' of ' || surgery_code || ' on ' || cast(surgery_day as varchar) as denied_by
from included
where choice = 1
