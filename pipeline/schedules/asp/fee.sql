-- A drug that a practitioner gives in the office is paid by its limit, for each unit of its dosage.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'office' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, payment_limit as amount, dosage_text as amount_unit,
  coinsurance_percent as patient_share_percent, 'priced' as amount_status,
  case price_status when 'priced' then '' else price_status end as reason, false as defers
from drug_limit
