-- Each line with everything that its price follows from: the release of its day, its setting,
-- its locality, what its modifiers mean, and the row of its code. Every join is a left join, so
-- that what is missing leaves a gap for the gates to name and never loses a line.
select
  line.*,
  service_day.release_id, service_day.calendar_year, service_day.is_zip_file_of_another_time,
  place_of_service.setting, place_of_service.hospital,
  coalesce(modifier_set.component, '') as component,
  coalesce(modifier_set.side, '') as side,
  coalesce(modifier_set.global_part, '') as global_part,
  coalesce(modifier_set.surgeon_role, '') as surgeon_role,
  coalesce(modifier_set.anesthesia_role, '') as anesthesia_role,
  modifier_set.role_factor, modifier_set.direction_factor, modifier_set.is_separate_session,
  modifier_set.has_modifier_effect, modifier_set.has_modifier_conflict,
  zip5.mac as zip_mac, zip5.locality_number as zip_locality_number, zip5.zip4_decides,
  zip9.mac as zip9_mac, zip9.locality_number as zip9_locality_number,
  place.mac as place_mac, place.locality_number as place_locality_number, place.locality_name,
  place.work_gpci, place.pe_gpci, place.mp_gpci, place.anesthesia_conversion_factor,
  case when line.is_apm_qualified then place.qp_conversion_factor else place.conversion_factor end
    as conversion_factor,
  basis.code_gate, basis.status_code, basis.work_rvu, basis.mp_rvu,
  case when place_of_service.setting = 'facility' then basis.facility_pe_rvu else basis.nonfacility_pe_rvu end
    as pe_rvu,
  case when place_of_service.setting = 'facility' then basis.facility_opps_pe_rvu else basis.nonfacility_opps_pe_rvu end
    as opps_pe_rvu,
  basis.opps_work_rvu, basis.opps_mp_rvu, basis.pc_work_rvu, basis.pc_mp_rvu,
  case when place_of_service.setting = 'facility' then basis.pc_facility_pe_rvu else basis.pc_nonfacility_pe_rvu end
    as pc_pe_rvu,
  case when place_of_service.setting = 'facility' then basis.facility_na else basis.nonfacility_na end
    as is_na_setting,
  basis.pctc_indicator, basis.bilateral_indicator, basis.assistant_surgeon_indicator,
  basis.co_surgeon_indicator, basis.team_surgeon_indicator, basis.preoperative_share,
  basis.intraoperative_share, basis.postoperative_share, basis.both_sides_factor, basis.rule_class,
  basis.multiple_procedure_indicator, basis.family_code, basis.is_family_base,
  basis.whole_later_factor, basis.pc_later_factor, basis.tc_later_factor, basis.pe_later_factor,
  basis.base_units, basis.base_unit_year
from $lines as line
left join service_day on service_day.service_day = line.date_of_service
left join place_of_service on place_of_service.place_of_service = line.place_of_service
left join modifier_set
  on modifier_set.modifier_1 = line.modifier_1 and modifier_set.modifier_2 = line.modifier_2
  and modifier_set.modifier_3 = line.modifier_3 and modifier_set.modifier_4 = line.modifier_4
left join zip_locality as zip5
  on zip5.zip_code = substring(line.service_zip_code, 1, 5) and zip5.effective_from = service_day.zip_file_from
left join zip9_locality as zip9
  on zip9.zip_code = substring(line.service_zip_code, 1, 5) and zip9.plus_four = substring(line.service_zip_code, 6, 4)
  and zip9.effective_from = service_day.zip9_file_from
left join price_place as place
  on place.release_id = service_day.release_id
  and place.mac = coalesce(nullif(line.service_mac, ''), zip9.mac, zip5.mac)
  and place.locality_number = coalesce(nullif(line.service_locality_number, ''), zip9.locality_number, zip5.locality_number)
left join price_basis as basis
  on basis.release_id = service_day.release_id and basis.hcpcs_code = line.hcpcs_code
  and basis.component = coalesce(modifier_set.component, '')
