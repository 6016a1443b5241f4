-- The lines of the touched groups, as they came in, with what a price follows from.
select
  line.line_id, line.claim_id, line.claim_line_number, line.date_of_service, line.hcpcs_code,
  line.modifier_1, line.modifier_2, line.modifier_3, line.modifier_4, line.units, line.place_of_service,
  line.service_mac, line.service_locality_number, line.service_zip_code, line.zip_code, line.plus_four,
  line.charge, line.provider_kind, line.is_participating, line.is_apm_qualified, line.anesthesia_minutes, line.deductible_left, line.unreadable,
  line.revenue_code, line.bill_type,
  line.provider_id, line.billing_provider_id, line.provider_specialty,
  touched.group_number
from claim_line as line
join (
  select candidate_line.line_id, touched_group.group_number
  from candidate_line
  join touched_group
    on touched_group.patient_key = candidate_line.patient_key
    and touched_group.group_key = candidate_line.group_key
    and touched_group.date_of_service = candidate_line.date_of_service
) as touched
  on touched.line_id = line.line_id
