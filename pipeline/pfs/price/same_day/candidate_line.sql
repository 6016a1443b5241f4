-- Lines that a same-day rule could touch, if others of their class were on the same day.
select
  line.*,
  case
    when basis.rule_class = 'imaging' and modifier_set.is_separate_session then ''
    when basis.rule_class <> '' then basis.rule_class
    when modifier_set.side in ('RT', 'LT') and basis.status_code <> 'T' and basis.bilateral_indicator in ('0', '1', '2') then 'side'
    else ''
  end as same_day_class
from claim_line as line
join service_day on service_day.service_day = line.date_of_service
join modifier_set
  on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
  and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
join price_basis as basis
  on basis.release_id = service_day.release_id and basis.hcpcs_code = line.hcpcs_code
  and basis.component = modifier_set.component
where basis.rule_class <> '' or modifier_set.side in ('RT', 'LT')
