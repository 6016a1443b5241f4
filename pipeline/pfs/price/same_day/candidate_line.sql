-- Lines that a same-day rule could touch, if others of their class were on the same day, and
-- lines that are paid only alone (class 'lone'). Who assists is not the one who operates, even
-- where no provider is named.
with classed as (
  select
    price_basis.release_number, price_basis.hcpcs_code, price_basis.component,
    case
      when status_code = 'T' then 'lone'
      when rule_class <> '' then rule_class
      when bilateral_indicator in ('0', '1', '2') then 'side'
      else ''
    end as code_class
  from price_basis
),
-- Most lines are visits; they are passed over before anything is looked up for them.
possible as (
  select *
  from claim_line
  where hcpcs_code in (select hcpcs_code from classed where code_class not in ('', 'side'))
    or modifier_1 in ('RT', 'LT') or modifier_2 in ('RT', 'LT') or modifier_3 in ('RT', 'LT') or modifier_4 in ('RT', 'LT')
)
select
  line.line_id, line.units, line.patient_key, line.provider_key, line.date_of_service, line.is_grouped_by_claim,
  modifier_set.surgeon_role in ('assistant', 'npp_assistant') as is_assisting,
  classed.code_class as same_day_class
from possible as line
join service_day on service_day.service_day = line.date_of_service
join modifier_set
  on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
  and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
join classed
  on classed.release_number = service_day.release_number and classed.hcpcs_code = line.hcpcs_code
  and classed.component = modifier_set.component
where classed.code_class <> ''
  and (classed.code_class <> 'side' or modifier_set.side in ('RT', 'LT'))
  and (classed.code_class <> 'imaging' or not modifier_set.is_separate_session)
