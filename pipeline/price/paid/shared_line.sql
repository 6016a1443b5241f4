-- Each line with the share that the patient has of what is left after the deductible, and whether the
-- deductible is asked of it at all: a preventive service has its own share, and so has a screening that became
-- a diagnosis; of all others it is that of the schedule which pays, or the usual one.
select
  line.*, paid_day.sequestration_factor, paid_day.deductible, paid_day.deductible_from,
  case
    when service.hcpcs_code is not null then service.service_share
    when line.preventive_modifier = 'PT' then paid_day.screening_share
    when line.own_share_percent is not null then cast(line.own_share_percent * cast(0.01 as decimal(6, 5)) as decimal(6, 5))
    else $usual_share
  end as patient_share,
  case
    when service.hcpcs_code is not null then service.service_has_deductible
    when line.preventive_modifier = 'PT' then false
    -- What costs the patient nothing by its schedule, as a laboratory test does, has no deductible either.
    else coalesce(line.own_share_percent > 0, true)
  end as has_deductible,
  line.own_schedule is null and line.assistant_factor <> 1 as is_assisted
from $allowed_line as line
left join paid_day on paid_day.service_day = line.date_of_service
left join service_share as service
  on service.hcpcs_code = line.hcpcs_code
  and (service.needed_modifier = '' or service.needed_modifier = line.preventive_modifier)
  and line.date_of_service between service.effective_from and service.effective_to
