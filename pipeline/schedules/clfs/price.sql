-- What claim lines are paid for laboratory tests: the same in the whole country. Of a rate of 0 the contractor
-- sets the price, and of a cell without a number there is none. Waived tests (QW) have rows of their own.
select
  lab.release_id, lab.hcpcs_code, lab.modifier, '' as modifier2, '' as modifier3, 'national' as place_kind, '' as place,
  '' as located_by, false as has_areas, false as is_split, cast(lab.rate as decimal(12, 3)) as amount,
  cast(null as decimal(12, 3)) as rural_amount, cast(null as decimal(12, 3)) as super_rural_amount,
  cast(null as decimal(12, 3)) as first_miles_amount, cast(1 as decimal(6, 4)) as later_month_factor,
  'test' as amount_unit, cast(0 as decimal(6, 3)) as patient_share_percent,
  case lab.price_status when 'priced' then '' when 'contractor_priced' then 'carrier_priced' else lab.price_status end as rate_reason, '' as rate_note
from lab_fee as lab
join used_code on used_code.hcpcs_code = lab.hcpcs_code
