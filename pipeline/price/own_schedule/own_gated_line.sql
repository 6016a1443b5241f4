-- The lines that a schedule of their own may pay: their code is in one, and the Physician Fee Schedule
-- has no such code, or pays it as another benefit, or it is a supply that is sold ($supply_sold).
-- $value_gate is the first gate of values that cannot be read, $denial_gate that of modifiers that deny the line.
select
  line_id, fee_day, hcpcs_code, modifier_1, modifier_2, modifier_3, modifier_4, units, mile_not_driven, charge, place_of_service,
  hospital, service_mac, service_locality_number, service_zip_code, zip_code, plus_four, ndc_code, ndc_units, named_place_number, zip_place_number,
  zip9_place_number, zip4_decides, is_zip_file_of_another_time, code_gate, component, has_unknown_modifier,
  has_modifier_conflict, modifiers_not_applied, $value_gate as value_gate, $denial_gate as denial_gate
from $located_line as line
left join own_fee_day on own_fee_day.service_day = line.date_of_service
where code_gate is null or code_gate = $step_other_benefit or (code_gate = $step_bundled and $supply_sold)
