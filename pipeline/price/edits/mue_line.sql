-- Lines above the limit of their units: by themselves, and for limits of a day (adjudication 2 and 3, and one that is not known)
-- with the other lines of the code that are of the same part of it. Days of care after surgery (55) are
-- one unit, and of miles the tenths count.
with limited as (
  select line_id, date_of_service, hcpcs_code, units, mile_not_driven, modifier_1, modifier_2, modifier_3, modifier_4
  from claim_line
  where units > 1 and hcpcs_code in (select hcpcs_code from unit_limit)
  union all
  select line_id, date_of_service, hcpcs_code, units, mile_not_driven, modifier_1, modifier_2, modifier_3, modifier_4
  from claim_line
  where units = 1 and hcpcs_code in (select hcpcs_code from unit_limit where most_units = 0)
),
counted as (
  select
    line.line_id, line.date_of_service, line.hcpcs_code,
    case when modifiers.is_days_of_care = 1 then 1 else line.units - line.mile_not_driven end as counted_units
  from limited as line
  join edit_modifier_set as modifiers
    on modifiers.modifier_1 = line.modifier_1 and modifiers.modifier_2 = line.modifier_2
    and modifiers.modifier_3 = line.modifier_3 and modifiers.modifier_4 = line.modifier_4
),
-- Who assists, each of those who operate together, who directs an anesthesia and who has the care after
-- surgery do not do again what the other one bills by the same code.
part_of_day as (
  select
    line.line_id, line.date_of_service, line.group_number, line.specialist_key, line.hcpcs_code, meant.component,
    case when meant.global_part = '55' then 1 else line.units - line.mile_not_driven end as counted_units,
    case
      when meant.surgeon_role in ('co_surgeon', 'team') then coalesce(nullif(line.provider_id, ''), cast(line.line_id as varchar))
      when meant.surgeon_role in ('assistant', 'npp_assistant') then 'assistant'
      when meant.anesthesia_modifier in ('QK', 'QY', 'AD') then 'director'
      when meant.global_part = '55' then 'after'
      else ''
    end as hand
  from edit_line as line
  join modifier_set as meant
    on meant.modifier_1 = line.modifier_1 and meant.modifier_2 = line.modifier_2
    and meant.modifier_3 = line.modifier_3 and meant.modifier_4 = line.modifier_4
  where line.units > 0
),
-- The two parts of a test are one test: each is counted with the whole ones.
summed as (
  select
    part_of_day.*,
    sum(case when component <> 'TC' then counted_units else 0 end) over (partition by group_number, specialist_key, hand, hcpcs_code)
      as professional_units,
    sum(case when component <> '26' then counted_units else 0 end) over (partition by group_number, specialist_key, hand, hcpcs_code)
      as technical_units
  from part_of_day
),
of_day as (
  select
    line_id, date_of_service, hcpcs_code,
    case
      when component = '26' then professional_units
      when component = 'TC' then technical_units
      else greatest(professional_units, technical_units)
    end as counted_units
  from summed
),
over_limit as (
  select counted.line_id, most_units, adjudication_indicator
  from counted
  join edit_day on edit_day.service_day = counted.date_of_service
  join unit_limit on unit_limit.hcpcs_code = counted.hcpcs_code
  where unit_limit.release_id in (edit_day.unit_release_id, edit_day.supplier_release_id)
    and counted.counted_units > unit_limit.most_units
  union all
  select of_day.line_id, most_units, adjudication_indicator
  from of_day
  join edit_day on edit_day.service_day = of_day.date_of_service
  join unit_limit on unit_limit.hcpcs_code = of_day.hcpcs_code
  where unit_limit.release_id in (edit_day.unit_release_id, edit_day.supplier_release_id)
    and unit_limit.adjudication_indicator <> '1'
    and of_day.counted_units > unit_limit.most_units
)
select
  line_id, min(case when adjudication_indicator = 'unknown' and most_units > 0 then $step_mue_not_understood else $step_mue end) as edit_gate,
  min('MUE ' || cast(most_units as varchar) || ', adjudication ' || adjudication_indicator) as denied_by
from over_limit
group by line_id
