-- What a hospital is paid for an outpatient, before its wage index.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'outpatient_hospital' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, payment_rate as amount, -- Of drugs, biologicals, blood and sources the rate is for one unit of the code.
  case when payment_rate is null then '' when status_indicator in ('G', 'K', 'K1', 'R', 'U') then 'unit' else 'service' end as amount_unit,
  ira_coinsurance_percent as patient_share_percent, price_status as amount_status,
  case when payment_rate is null then price_status else '' end as reason,
  price_status = 'paid_under_another_schedule' as defers
from opps_code
