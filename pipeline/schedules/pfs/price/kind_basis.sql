-- The kinds of lines that there are, one row each: lines of a kind are alike in all that a price follows from
-- but the place, the charge, the minutes, and what else is billed. There are millions of lines, but few kinds, so
-- that what depends on the kind alone is decided once. Every join but the first is a left join, so that what
-- is missing leaves a gap for the gates to name. Days of one class stand for each other (service_day).
with asked as (
  select distinct
    coalesce(service_day.class_day, $no_day) as kind_day, line.hcpcs_code, line.modifier_1, line.modifier_2, line.modifier_3, line.modifier_4,
    coalesce(line.units, -1) as units, line.place_of_service, line.provider_kind, line.is_participating, line.is_apm_qualified
  from claim_line as line
  left join service_day on service_day.service_day = line.date_of_service
)
select
  asked.*,
  service_day.service_day as date_of_service,
  service_day.release_id, service_day.release_number, service_day.calendar_year,
  price_setting.setting, price_setting.is_facility, price_setting.hospital, price_setting.is_setting_provisional,
  modifier_set.component, modifier_set.side, modifier_set.global_part, modifier_set.surgeon_role,
  modifier_set.anesthesia_role, modifier_set.anesthesia_modifier, modifier_set.role_factor, modifier_set.direction_factor,
  modifier_set.is_separate_session, modifier_set.has_modifier_effect, modifier_set.has_modifier_conflict,
  modifier_set.has_unknown_modifier, modifier_set.modifier_remark, modifier_set.is_increased_service,
  modifier_set.is_reduced_service, modifier_set.denial, modifier_set.equipment, modifier_set.therapy_assistant,
  modifier_set.is_planned_therapy, modifier_set.named_provider_kind, modifier_set.preventive_modifier, modifier_set.modifiers_without_effect,
  modifier_set.modifiers_not_applied,
  basis.code_gate, basis.hospital_gate, basis.status_code, basis.status_code = 'J' as is_anesthesia,
  basis.work_rvu, basis.pe_rvu, basis.mp_rvu, basis.opps_work_rvu,
  -- The OPPS values of the class, which CMS restates for its factor (pfs-rules 10.4).
  case when asked.is_apm_qualified then basis.qp_opps_pe_rvu else basis.opps_pe_rvu end as opps_pe_rvu,
  case when asked.is_apm_qualified then basis.qp_opps_mp_rvu else basis.opps_mp_rvu end as opps_mp_rvu,
  basis.pc_work_rvu, basis.pc_pe_rvu, basis.pc_mp_rvu, basis.is_na_setting,
  basis.pctc_indicator, basis.rule_class, basis.multiple_procedure_indicator, basis.family_code,
  basis.is_family_base, basis.base_units, basis.base_unit_year, basis.takes_no_time, basis.is_paid_by_unit,
  basis.is_ct, basis.global_days,
  basis.bilateral_indicator, basis.assistant_surgeon_indicator, basis.co_surgeon_indicator,
  basis.team_surgeon_indicator, basis.preoperative_share, basis.intraoperative_share,
  basis.postoperative_share, basis.both_sides_factor
from asked
left join service_day on service_day.service_day = asked.kind_day
left join price_setting
  on price_setting.place_of_service = asked.place_of_service
  and price_setting.setting_period = service_day.setting_period
left join modifier_set
  on modifier_set.modifier_1 = asked.modifier_1 and modifier_set.modifier_2 = asked.modifier_2
  and modifier_set.modifier_3 = asked.modifier_3 and modifier_set.modifier_4 = asked.modifier_4
left join setting_basis as basis
  on basis.release_number = service_day.release_number and basis.hcpcs_code = asked.hcpcs_code
  and basis.component_number = modifier_set.component_number and basis.is_facility = price_setting.is_facility
