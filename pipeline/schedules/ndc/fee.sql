-- The crosswalk knows codes of drugs and has no amount of any.
select distinct
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'office' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status, 'no_schedule' as reason, true as defers
from drug_ndc
