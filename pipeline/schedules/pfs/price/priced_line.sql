-- The price of every line: what the day makes of its units, the factors of this phase in the
-- order of pricing_rule.step ($line_factors), and at most the charge. $columns are those
-- asked for, $day_trace those of a trace that are made in same_day, and $own_trace those in own_line: what a
-- schedule of its own pays a line for is decided there. What is said of a line stands in rule_word and note_word,
-- by numbers that are put together here: $rule_bits and $notes are what the kind of the line does not decide.
with met as (
  select
    unit.*,
    case
      when own.line_id is not null then own.own_gate
      when line_gate > 0 then line_gate
      when coalesce(same_day.same_day_gate, 0) > 0 then same_day.same_day_gate
      when is_increased_service then $step_increased_service
      when is_reduced_service and case when same_day.line_id is null then unit.charge else same_day.compared_charge end is null
        then $step_reduced_service
      else 0
    end as gate,
    $day_trace $own_trace
    own.schedule as own_schedule, own.release_id as own_release_id, own.line_amount as own_amount, own.allowed_amount as own_allowed_amount,
    own.knows_its_modifiers, own.own_modifiers, own_word.word_number as own_word_number,
    own.patient_share_percent as own_share_percent,
    same_day.day_number,
    coalesce(same_day.amount_before_opps_cap, unit.unit_amount) as amount_before_opps_cap,
    coalesce(same_day.amount_after_opps_cap, unit.capped_unit_amount) as amount_after_opps_cap,
    case when same_day.line_id is null then unit.charge else same_day.compared_charge end as compared_charge,
    case
      when same_day.line_id is not null then same_day.day_amount
      when unit.counted_units = 1 then unit.capped_unit_amount
      else cast(unit.capped_unit_amount * cast(unit.counted_units as decimal(4, 0)) as decimal(12, 2))
    end as day_amount
  from $unit_line as unit
  left join same_day on same_day.line_id = unit.line_id
  left join own_line as own on own.line_id = unit.line_id
  left join own_word
    on own_word.own_gate = own.own_gate and own_word.schedule = own.schedule and own_word.own_rules = own.own_rules
    and own_word.is_own_provisional = own.is_own_provisional and own_word.own_notes = own.own_notes
),
adjusted as (
  select met.*, $line_factors
  from met
),
charged as (
  select
    adjusted.*, least(line_amount, compared_charge) as amount_before_assistant,
    case when own_word_number is null then cast(note_group as bigint) * 64 + $notes else cast(own_word_number as bigint) * -64 end as note_number,
    case
      when own_word_number is not null then -1000 - own_word_number
      when gate > 0 then -gate
      else cast(rule_group as bigint) * 4096 + coalesce(day_number, 0) * 4 + $rule_bits
    end as word_number
  from adjusted
),
priced as (
  select
    charged.*,
    case when gate = edit_gate then edited_by else '' end as denied_by,
    word.price_status, word.reason, word.schedule, word.rules, word.is_provisional,
    case
      when gate > 0 then null
      when own_schedule is not null then own_allowed_amount
      when assistant_factor = 1 then amount_before_assistant
      else cast(round(amount_before_assistant * assistant_factor, 2) as decimal(12, 2))
    end as allowed_amount,
    case when gate = 0 and own_schedule is null and not is_participating then $limiting_charge end
      as limiting_charge,
    case
      when modifier_remark <> '' and remark = '' and not coalesce(knows_its_modifiers, false) then modifier_remark
      else remark
    end as not_understood
  from charged
  join rule_word as word on word.word_number = charged.word_number
)
select $columns
from priced
