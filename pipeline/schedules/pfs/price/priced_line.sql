-- The price of every line: what the day makes of its units, the factors of this phase in the
-- order of pricing_rule.step ($line_factors), and at most the charge. $columns are those
-- asked for, $day_trace those of a trace that are made in same_day, and $own_trace those in own_line: what a
-- schedule of its own pays a line for is decided there. $rules names what decided: most lines have no special
-- rule, and are asked about them once.
with unit as (select * from $unit_line),
met as (
  select
    unit.*,
    case
      when own.line_id is not null then own.own_gate
      when line_gate > 0 then line_gate
      when coalesce(same_day.same_day_gate, 0) > 0 then same_day.same_day_gate
      when is_increased_service then $step_increased_service
      when is_reduced_service and unit.charge is null then $step_reduced_service
      else 0
    end as gate,
    $day_trace $own_trace
    own.schedule as own_schedule, own.release_id as own_release_id, own.line_amount as own_amount, own.allowed_amount as own_allowed_amount,
    own.knows_its_modifiers, own.own_modifiers, own.own_notes, own.own_rules, own.is_own_provisional,
    own.patient_share_percent as own_share_percent,
    same_day.day_rules, same_day.is_day_provisional,
    coalesce(same_day.amount_before_opps_cap, unit.unit_amount) as amount_before_opps_cap,
    coalesce(same_day.amount_after_opps_cap, unit.capped_unit_amount) as amount_after_opps_cap,
    coalesce(same_day.pair_charge, unit.charge) as compared_charge,
    case
      when same_day.line_id is not null then same_day.day_amount
      when unit.counted_units = 1 then unit.capped_unit_amount
      else cast(unit.capped_unit_amount * cast(unit.counted_units as decimal(4, 0)) as decimal(12, 2))
    end as day_amount,
    case
      when unit.is_anesthesia then cast(1 as decimal(6, 4))
      when unit.provider_kind = 'npp' or unit.surgeon_role = 'npp_assistant' then $factor_non_physician
      -- A modifier speaks for a line that names no other kind of provider.
      when unit.provider_kind = 'physician' and unit.named_provider_kind = '' then cast(1 as decimal(6, 4))
      else $provider_factor
    end as provider_factor,
    case
      when unit.therapy_assistant = '' then cast(1 as decimal(6, 4))
      when unit.multiple_procedure_indicator = '5' or unit.pctc_indicator = '7' or unit.is_planned_therapy then $assistant_factor
      else cast(1 as decimal(6, 4))
    end as assistant_factor,
    case when unit.is_participating then cast(1 as decimal(6, 4)) else $factor_non_participating end as participation_factor
  from unit
  left join same_day on same_day.line_id = unit.line_id
  left join own_line as own on own.line_id = unit.line_id
),
adjusted as (
  select met.*, $line_factors
  from met
),
charged as (
  select
    adjusted.*, least(line_amount, compared_charge) as amount_before_assistant,
    case
      when equipment = '' and therapy_assistant = '' then ''
      else concat_ws(' ',
        case when equipment <> '' and equipment_factor = 1 then equipment end,
        case when therapy_assistant <> '' and assistant_factor = 1 then therapy_assistant end
      )
    end as modifiers_not_for_service,
    $note_number as note_number,
    $has_special_rule as has_special_rule
  from adjusted
),
priced as (
  select
    charged.*,
    case when charged.gate = edit_gate then edited_by else '' end as denied_by,
    gate_word.price_status, gate_word.reason,
    coalesce(own_schedule, gate_word.schedule) as schedule,
    case
      when charged.gate > 0 then null
      when own_schedule is not null then own_allowed_amount
      when assistant_factor = 1 then amount_before_assistant
      else cast(round(amount_before_assistant * assistant_factor, 2) as decimal(12, 2))
    end as allowed_amount,
    case when charged.gate = 0 and own_schedule is null and not is_participating then $limiting_charge end
      as limiting_charge,
    case
      when has_unknown_modifier and remark = '' and not coalesce(knows_its_modifiers, false) then modifier_remark
      else remark
    end as not_understood,
    case when own_schedule is null then $notes else own_notes end as notes,
    $rules as rules,
    $is_provisional as is_provisional
  from charged
  join gate_word on gate_word.gate = charged.gate
  join note_word on note_word.note_number = charged.note_number
)
select $columns
from priced
