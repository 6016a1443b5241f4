-- The kinds of lines with what is decided by them alone, numbered: the step of the first gate that the kind does
-- not pass (NULL where it passes all), its part of the notes and of the rules that decide an amount, and how the
-- amount is shared. Kinds that say the same have one number for it, that of the first of them: rule_group and
-- note_group. The columns by which lines find their kind are called kind_... .
with decided as (
  select
    kind_factor.*,
    $gates as kind_gate,
    $notes as kind_note_number, $said_about as notes_about, $is_about_provisional as is_about_provisional,
    $rules, $is_provisional as is_kind_provisional
  from $kind_factor as kind_factor
),
numbered as (
  select
    decided.*,
    cast(row_number() over (
      order by
        kind_day, hcpcs_code, modifier_1, modifier_2, modifier_3, modifier_4, units, place_of_service, provider_kind,
        is_participating, is_apm_qualified
    ) as integer) as kind_number
  from decided
)
select
  kind_number, kind_day, hcpcs_code as kind_code, modifier_1 as kind_modifier_1, modifier_2 as kind_modifier_2,
  modifier_3 as kind_modifier_3, modifier_4 as kind_modifier_4, units as kind_units, place_of_service as kind_place,
  provider_kind as kind_provider, is_participating as kind_participating, is_apm_qualified as kind_apm,
  min(kind_number) over (partition by kind_note_number, notes_about, is_about_provisional) as note_group,
  min(kind_number) over (partition by $rule_parts, is_kind_provisional) as rule_group,
  kind_gate, kind_note_number, notes_about, is_about_provisional, $rule_parts, is_kind_provisional,
  release_id, release_number, calendar_year,
  setting, is_facility, hospital, is_setting_provisional,
  component, side, global_part, surgeon_role, anesthesia_role, anesthesia_modifier, role_factor, direction_factor,
  is_separate_session, has_modifier_effect, has_modifier_conflict, has_unknown_modifier, modifier_remark,
  is_increased_service, is_reduced_service, denial, equipment, therapy_assistant, preventive_modifier,
  modifiers_without_effect, modifiers_not_applied, modifiers_not_for_service,
  code_gate, hospital_gate, status_code, is_anesthesia, work_rvu, pe_rvu, mp_rvu, opps_work_rvu, opps_pe_rvu, opps_mp_rvu,
  pc_work_rvu, pc_pe_rvu, pc_mp_rvu, is_na_setting, pctc_indicator, rule_class, multiple_procedure_indicator,
  family_code, is_family_base, base_units, base_unit_year, takes_no_time, global_days, bilateral_indicator, both_sides_factor,
  counted_base_units, split_factor, days_factor, bilateral_factor, counted_units, equipment_factor,
  provider_factor, participation_factor, assistant_factor
from numbered
