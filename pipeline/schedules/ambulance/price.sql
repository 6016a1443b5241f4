-- What claim lines are paid for trips and miles of ambulances: by the locality where the patient is picked up,
-- and by how rural the place is. Air services have no rate for super-rural places: they are rural. Of the miles by
-- ground from a rural place the first 17 have a rate of their own.
select
  fee.release_id, fee.hcpcs_code, '' as modifier, '' as modifier2, '' as modifier3, 'national' as place_kind, '' as place,
  'locality' as located_by, false as has_areas, true as is_split, cast(null as decimal(12, 3)) as amount,
  cast(null as decimal(12, 3)) as rural_amount, cast(null as decimal(12, 3)) as super_rural_amount,
  cast(null as decimal(12, 3)) as first_miles_amount, cast(1 as decimal(6, 4)) as later_month_factor,
  fee.unit as amount_unit, cast(20 as decimal(6, 3)) as patient_share_percent,
  -- Where no locality has an amount it does not matter where the patient is picked up.
  case when max(case when fee.price_status = 'priced' then 1 else 0 end) = 1 then '' else min(fee.price_status) end as rate_reason,
  case when max(case when fee.is_provisional then 1 else 0 end) = 1 then 'ambulance_formula' else '' end as rate_note
from ambulance_fee as fee
join used_code on used_code.hcpcs_code = fee.hcpcs_code
group by fee.release_id, fee.hcpcs_code, fee.unit
union all
select
  fee.release_id, fee.hcpcs_code, '', '', '', 'locality', fee.mac || '-' || fee.locality_number,
  'locality', false, true, cast(fee.urban_amount as decimal(12, 3)),
  cast(fee.rural_amount as decimal(12, 3)), cast(coalesce(fee.super_rural_amount, fee.rural_amount) as decimal(12, 3)),
  cast(fee.rural_first_miles_amount as decimal(12, 3)), cast(1 as decimal(6, 4)),
  fee.unit, cast(20 as decimal(6, 3)), case when fee.price_status = 'priced' then '' else fee.price_status end, ''
from ambulance_fee as fee
join used_code on used_code.hcpcs_code = fee.hcpcs_code
