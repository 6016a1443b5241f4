-- What a surgical center is paid, before its wage index, and what it is not paid for.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'asc' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, payment_rate as amount, if(payment_rate is null, '', 'service') as amount_unit,
  if(coinsurance_waived, 0, null) as patient_share_percent, 'priced' as amount_status,
  if(payment_rate is null, price_status, '') as reason, false as defers
from asc_fee
union all
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'asc' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status, 'excluded_from_asc' as reason, false as defers
from asc_excluded
