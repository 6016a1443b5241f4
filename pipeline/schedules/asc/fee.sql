-- What a surgical center is paid, before its wage index, and what it is not paid for.
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'asc' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, payment_rate as amount, -- Of drugs and sources the rate is for one unit of the code.
  case when payment_rate is null then '' when payment_indicator in ('K2', 'H2') then 'unit' else 'service' end as amount_unit,
  case when coinsurance_waived then 0 end as patient_share_percent, 'priced' as amount_status,
  case when payment_rate is null then price_status else '' end as reason, false as defers
from asc_fee
union all
select
  release_id, hcpcs_code, '' as modifier, '' as modifier2, 'asc' as setting, 'national' as place_kind,
  '' as mac, '' as locality_number, null as amount, '' as amount_unit, null as patient_share_percent,
  'priced' as amount_status, 'excluded_from_asc' as reason, false as defers
from asc_excluded
