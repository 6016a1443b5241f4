-- What a hospital is paid for an outpatient, before its wage index.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'outpatient_hospital' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, payment_rate as amount, if(payment_rate is null, '', 'service') as amount_unit,
  ira_coinsurance_percent as patient_share_percent, price_status as amount_status,
  if(payment_rate is null, price_status, '') as reason,
  price_status = 'paid_under_another_schedule' as defers
from opps_code
