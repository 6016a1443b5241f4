-- A laboratory pays the whole country the same for a test; the patient owes no part of it.
select
  release_id, hcpcs_code, modifier, '' as modifier2, 'lab' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, rate as amount, 'test' as amount_unit, 0 as patient_share_percent,
  'priced' as amount_status, case price_status when 'priced' then '' else price_status end as reason, false as defers
from lab_fee
