-- What of the payment follows from the kind of a line: what the day decides, and the patient's share where it is no
-- matter of the schedule: a preventive service has its own share, and so has a screening that became a diagnosis.
select
  kind.kind_number, paid_day.sequestration_factor, paid_day.deductible, paid_day.deductible_from,
  case
    when service.hcpcs_code is not null then service.service_share
    when kind.preventive_modifier = 'PT' then paid_day.screening_share
  end as kind_share,
  case
    when service.hcpcs_code is not null then service.service_has_deductible
    when kind.preventive_modifier = 'PT' then false
  end as kind_has_deductible
from line_kind as kind
left join paid_day on paid_day.service_day = kind.kind_day
left join service_share as service
  on service.hcpcs_code = kind.kind_code
  and (service.needed_modifier = '' or service.needed_modifier = kind.preventive_modifier)
  and kind.kind_day between service.effective_from and service.effective_to
