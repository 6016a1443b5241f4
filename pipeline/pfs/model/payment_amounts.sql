-- The payment formula, written once (PFS_RULES 3.1 to 3.3). $rows is a relation of RVU rows
-- with the three indices of a place; payment_national has one place where all are 1.
--
--   fee = round half up to cents of
--         (work x work index + practice expense x its index + malpractice x its index) x factor
--
-- Everything before the one rounding is exact: RVUs have 2 decimals, indices 3, factors 4.
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
  -- 115% of the 95% that a non-participating physician is paid (RVU25D.pdf, p. 2).
  cast(round(nonfacility_payment * cast(1.0925 as decimal(5, 4)), 2) as decimal(9, 2)) as nonfacility_limiting_charge,
  cast(round(facility_payment * cast(1.0925 as decimal(5, 4)), 2) as decimal(9, 2)) as facility_limiting_charge,
  case when price_status in ('not_payable', 'bundled', 'anesthesia') and has_rvu then nonfacility_amount end as reference_nonfacility_amount,
  case when price_status in ('not_payable', 'bundled', 'anesthesia') and has_rvu then facility_amount end as reference_facility_amount,
  case when price_status = 'carrier_priced' then nonfacility_opps_amount end as opps_ceiling_nonfacility,
  case when price_status = 'carrier_priced' then facility_opps_amount end as opps_ceiling_facility
from (
  select
    * exclude (
      work_rvu, nonfacility_pe_rvu, facility_pe_rvu, mp_rvu, opps_work_rvu, nonfacility_opps_pe_rvu,
      facility_opps_pe_rvu, opps_mp_rvu, work_gpci, pe_gpci, mp_gpci, national_price_status
    ),
    work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu > 0 as has_rvu,
    case when national_price_status = 'priced' and work_gpci is null then 'gpci_missing' else national_price_status end as price_status,
    cast(round(cast(work_rvu * work_gpci + nonfacility_pe_rvu * pe_gpci + mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(9, 2)) as nonfacility_amount,
    cast(round(cast(work_rvu * work_gpci + facility_pe_rvu * pe_gpci + mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(9, 2)) as facility_amount,
    case when nonfacility_opps_pe_rvu + opps_mp_rvu > 0 then
      cast(round(cast(opps_work_rvu * work_gpci + nonfacility_opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(9, 2))
    end as nonfacility_opps_amount,
    case when facility_opps_pe_rvu + opps_mp_rvu > 0 then
      cast(round(cast(opps_work_rvu * work_gpci + facility_opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor, 2) as decimal(9, 2))
    end as facility_opps_amount
  from $rows
)
