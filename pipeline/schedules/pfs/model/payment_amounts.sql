-- What follows from the payment formula (pfs-rules 3.1 to 3.3). $formula is formula.sql over RVU
-- rows in the places that are asked for, $referenced what price_status.csv has as has_reference_amount.
--
--   fee     = the exact amount, rounded half up to cents: the only rounding
--   payment = the fee, or the OPPS amount where that is lower
select
  * exclude (nonfacility_amount, facility_amount, nonfacility_opps_amount, facility_opps_amount, has_rvu),
  case when price_status = 'priced' then nonfacility_amount end as nonfacility_fee,
  case when price_status = 'priced' then facility_amount end as facility_fee,
  -- least() passes over NULL, so a service without OPPS values keeps its fee.
  case when price_status = 'priced' then least(nonfacility_amount, nonfacility_opps_amount) end as nonfacility_payment,
  case when price_status = 'priced' then least(facility_amount, facility_opps_amount) end as facility_payment,
  price_status = 'priced' and (
    coalesce(nonfacility_opps_amount < nonfacility_amount, false)
    or coalesce(facility_opps_amount < facility_amount, false)
  ) as opps_cap_applies,
  $nonfacility_limiting_charge as nonfacility_limiting_charge,
  $facility_limiting_charge as facility_limiting_charge,
  case when price_status in ($referenced) and has_rvu then nonfacility_amount end as reference_nonfacility_amount,
  case when price_status in ($referenced) and has_rvu then facility_amount end as reference_facility_amount,
  case when price_status = 'carrier_priced' then nonfacility_opps_amount end as opps_ceiling_nonfacility,
  case when price_status = 'carrier_priced' then facility_opps_amount end as opps_ceiling_facility
from (
  select
    * exclude (
      work_rvu, nonfacility_pe_rvu, facility_pe_rvu, mp_rvu, opps_work_rvu, nonfacility_opps_pe_rvu,
      facility_opps_pe_rvu, opps_mp_rvu, work_gpci, pe_gpci, mp_gpci, national_price_status,
      nonfacility_exact, facility_exact, nonfacility_opps_exact, facility_opps_exact
    ),
    work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu > 0 as has_rvu,
    case when national_price_status = 'priced' and work_gpci is null then 'gpci_missing' else national_price_status end as price_status,
    cast(round(nonfacility_exact, 2) as decimal(9, 2)) as nonfacility_amount,
    cast(round(facility_exact, 2) as decimal(9, 2)) as facility_amount,
    cast(round(nonfacility_opps_exact, 2) as decimal(9, 2)) as nonfacility_opps_amount,
    cast(round(facility_opps_exact, 2) as decimal(9, 2)) as facility_opps_amount
  from $formula
)
