-- What the same-day rules reckon with, for each touched line: its gate, if it has no amount, the
-- amount of a unit, its professional part, the amount with reduced practice expense, and the
-- amount of the base of its endoscopic family in the same place. A group is divided by the classes
-- of rules, and by who assists: that is not the one who operates, even where no provider is named.
-- A return to the operating room (78) is not ranked. Within a group practice member_key divides further:
-- therapy is of one specialty, and two who operate together are paid as two, as are two who give anesthesia.
-- Where amounts are equal, tie_place ranks them: what more is paid of comes first, so that a total is the same
-- whichever line is billed first.
with classed as (
  select
    unit_line.*,
    case
      when rule_class in ('imaging', 'anesthesia') and is_separate_session then ''
      -- Supervision of many procedures has base units of its own for each.
      when rule_class = 'anesthesia' and anesthesia_role = 'supervised' then ''
      when rule_class <> '' and not (rule_class = 'surgery' and global_part = '78') then rule_class
      when side in ('RT', 'LT') and bilateral_indicator in ('0', '1', '2') and status_code <> 'T' then 'side'
      else ''
    end as same_day_class
  from $unit_line as unit_line
),
unit as (
  select
    classed.*,
    case
      when billing_provider_id = '' then ''
      when surgeon_role <> '' or same_day_class = 'anesthesia' then provider_id
      when same_day_class in ($ranked_by_pe) then provider_specialty
      else ''
    end as member_key,
    group_number * 16
      + $class_number
      + case when surgeon_role in ('assistant', 'npp_assistant') then 1 else 0 end as class_group_number,
    -- What of the amount that the day leaves is paid, as far as it is known.
    case when is_increased_service then cast(0 as decimal(17, 13)) else cast($later_factors as decimal(17, 13)) end as later_share
  from classed
)
select
  unit.line_id, unit.line_gate, unit.rule_group, unit.claim_id, unit.claim_line_number, unit.class_group_number as group_number, unit.member_key, unit.same_day_class, unit.hcpcs_code, unit.component, unit.side, unit.units,
  unit.counted_units, unit.global_part, unit.charge, unit.later_share, unit.is_reduced_service,
  row_number() over (
    partition by unit.class_group_number, unit.member_key
    order by unit.later_share desc, unit.charge desc nulls first, unit.counted_units desc, unit.claim_id, unit.claim_line_number, unit.line_id
  ) as tie_place, unit.unit_amount, unit.unit_cap, unit.bilateral_indicator, unit.both_sides_factor,
  unit.multiple_procedure_indicator, unit.family_code, unit.is_family_base,
  coalesce(later.whole_later_factor, cast(1 as decimal(6, 4))) as whole_later_factor,
  coalesce(later.tc_later_factor, cast(1 as decimal(6, 4))) as tc_later_factor,
  later.pc_later_factor,
  case
    when unit.same_day_class in ($ranked_by_whole) then later.whole_later_factor is not null
    when unit.same_day_class in ($ranked_by_pe) then later.pe_later_factor is not null
    else later.tc_later_factor is not null
  end as is_reduction_known,
  cast(unit.pe_rvu * unit.pe_gpci as decimal(12, 5)) as local_pe,
  unit.release_number, unit.is_facility, unit.work_rvu, unit.pe_rvu, unit.mp_rvu, unit.work_gpci, unit.pe_gpci, unit.mp_gpci,
  unit.conversion_factor, unit.bilateral_factor,
  unit.anesthesia_modifier, unit.counted_base_units, unit.anesthesia_minutes, unit.anesthesia_conversion_factor,
  case
    when unit.same_day_class not in ($ranked_by_parts) then null
    when unit.component = '26' or unit.pctc_indicator = '2' then unit.unit_amount
    when unit.component = 'TC' or unit.pctc_indicator = '3' then cast(0 as decimal(12, 2))
    when unit.pc_work_rvu is not null then $professional_amount
  end as professional_amount,
  case when unit.same_day_class in ($ranked_by_pe) then $reduced_pe_amount end as reduced_pe_amount,
  case when base.hcpcs_code is not null then $family_base_amount end as family_base_amount
from unit
left join later_factor as later
  on later.service_day = unit.date_of_service and later.multiple_procedure_indicator = unit.multiple_procedure_indicator
left join setting_basis as base
  on base.release_number = unit.release_number and base.hcpcs_code = unit.family_code and base.component_number = 0
  and base.is_facility = unit.is_facility
  and base.national_price_status = 'priced'
