-- Each line with everything that its price follows from: the release of its day, its setting,
-- its locality, what its modifiers mean, the row of its code, and what an edit says of it. Every join is a left
-- join, so that what is missing leaves a gap for the gates to name and never loses a line.
select
  line.*,
  service_day.release_id, service_day.release_number, service_day.calendar_year,
  service_day.is_zip_file_of_another_time,
  price_setting.setting, price_setting.is_facility, price_setting.hospital, price_setting.is_setting_provisional,
  modifier_set.component, modifier_set.side, modifier_set.global_part, modifier_set.surgeon_role,
  modifier_set.anesthesia_role, modifier_set.anesthesia_modifier, modifier_set.role_factor, modifier_set.direction_factor,
  modifier_set.is_separate_session, modifier_set.has_modifier_effect, modifier_set.has_modifier_conflict,
  modifier_set.has_unknown_modifier, modifier_set.modifier_remark, modifier_set.is_increased_service,
  modifier_set.is_reduced_service, modifier_set.denial, modifier_set.equipment, modifier_set.therapy_assistant,
  modifier_set.is_planned_therapy, modifier_set.named_provider_kind, modifier_set.preventive_modifier, modifier_set.modifiers_without_effect,
  modifier_set.modifiers_not_applied,
  named.place_number as named_place_number,
  zip5.place_number as zip_place_number, zip5.zip4_decides,
  zip9.place_number as zip9_place_number,
  place.mac as place_mac, place.locality_number as place_locality_number, place.locality_name,
  place.work_gpci, place.pe_gpci, place.mp_gpci,
  case when line.is_apm_qualified then place.qp_anesthesia_conversion_factor else place.anesthesia_conversion_factor end
    as anesthesia_conversion_factor,
  case when line.is_apm_qualified then place.qp_conversion_factor else place.conversion_factor end
    as conversion_factor,
  basis.code_gate, basis.hospital_gate, basis.status_code, basis.work_rvu, basis.pe_rvu, basis.mp_rvu,
  basis.opps_work_rvu,
  -- The OPPS values of the class, which CMS restates for its factor (pfs-rules 10.4).
  case when line.is_apm_qualified then basis.qp_opps_pe_rvu else basis.opps_pe_rvu end as opps_pe_rvu,
  case when line.is_apm_qualified then basis.qp_opps_mp_rvu else basis.opps_mp_rvu end as opps_mp_rvu,
  basis.pc_work_rvu, basis.pc_pe_rvu, basis.pc_mp_rvu, basis.is_na_setting,
  basis.pctc_indicator, basis.rule_class, basis.multiple_procedure_indicator, basis.family_code,
  basis.is_family_base, basis.base_units, basis.base_unit_year, basis.takes_no_time, basis.is_paid_by_unit,
  basis.is_ct, basis.global_days,
  basis.bilateral_indicator, basis.assistant_surgeon_indicator, basis.co_surgeon_indicator,
  basis.team_surgeon_indicator, basis.preoperative_share, basis.intraoperative_share,
  basis.postoperative_share, basis.both_sides_factor,
  edited.edit_gate, edited.denied_by as edited_by
from $lines as line
left join service_day on service_day.service_day = line.date_of_service
left join price_setting
  on price_setting.place_of_service = line.place_of_service
  and price_setting.setting_period = service_day.setting_period
left join modifier_set
  on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
  and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
left join place_number as named
  on named.mac = line.service_mac and named.locality_number = line.service_locality_number
left join zip_place as zip5
  on zip5.zip_code = line.zip_code and zip5.effective_from = service_day.zip_file_from
left join zip9_place as zip9
  on zip9.zip_code = line.zip_code and zip9.plus_four = line.plus_four
  and zip9.effective_from = service_day.zip9_file_from
left join price_place as place
  on place.period_number = service_day.period_number
  and place.place_number = case
    when line.service_mac <> '' then named.place_number
    else coalesce(zip9.place_number, zip5.place_number)
  end
left join setting_basis as basis
  on basis.release_number = service_day.release_number and basis.hcpcs_code = line.hcpcs_code
  and basis.component_number = modifier_set.component_number and basis.is_facility = price_setting.is_facility
left join edited_line as edited on edited.line_id = line.line_id
