-- What claim lines are paid for drugs: the limit, for each unit of the dosage of the code. Of a limit N/A the
-- contractor sets the price, and of another cell without a number there is none. A furnishing fee is
-- paid beside clotting factors, and the limits of some vaccines count on days of their own.
select
  drug.release_id, drug.hcpcs_code, '' as modifier, '' as modifier2, '' as modifier3, 'national' as place_kind, '' as place,
  '' as located_by, false as has_areas, false as is_split, cast(drug.payment_limit as decimal(12, 3)) as amount,
  cast(null as decimal(12, 3)) as rural_amount, cast(null as decimal(12, 3)) as super_rural_amount,
  cast(null as decimal(12, 3)) as first_miles_amount, cast(1 as decimal(6, 4)) as later_month_factor,
  drug.dosage_text as amount_unit, cast(drug.coinsurance_percent as decimal(6, 3)) as patient_share_percent,
  case drug.price_status when 'priced' then '' when 'contractor_priced' then 'carrier_priced' else drug.price_status end as rate_reason,
  case
    when drug.is_clotting_factor then 'furnishing_fee_beside'
    when drug.dated_elsewhere <> '' then 'vaccine_dates_elsewhere'
    else ''
  end as rate_note
from drug_limit as drug
join used_code on used_code.hcpcs_code = drug.hcpcs_code
