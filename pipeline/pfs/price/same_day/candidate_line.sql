-- Lines that a same-day rule could touch, if others of their class were on the same day, and
-- lines that are paid only alone (class 'lone'). Who assists is not the one who operates, even
-- where no provider is named.
with sorted as (
  select
    line.line_id, line.units, line.patient_key, line.provider_key, line.date_of_service, line.is_grouped_by_claim,
    modifier_set.surgeon_role in ('assistant', 'npp_assistant') as is_assisting,
    case
      when basis.status_code = 'T' then 'lone'
      when basis.rule_class = 'imaging' and modifier_set.is_separate_session then ''
      when basis.rule_class <> '' then basis.rule_class
      when basis.bilateral_indicator in ('0', '1', '2') then 'side'
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
  where basis.rule_class <> '' or basis.status_code = 'T' or modifier_set.side in ('RT', 'LT')
)
select * from sorted where same_day_class <> ''
