-- The payment formula, written once (pfs-rules 3.1, 3.2). $rows is a relation of RVU rows with
-- the three indices of a place and a conversion factor; at national level all indices are 1.
--
--   (work x work index + practice expense x its index + malpractice x its index) x factor
--
-- Exact and unrounded: RVUs have 2 decimals, indices 3, factors 4. The OPPS amounts are NULL
-- where the service has no OPPS values.
select
  *,
  cast(work_rvu * work_gpci + nonfacility_pe_rvu * pe_gpci + mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor as nonfacility_exact,
  cast(work_rvu * work_gpci + facility_pe_rvu * pe_gpci + mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor as facility_exact,
  case when nonfacility_opps_pe_rvu + opps_mp_rvu > 0 then
    cast(opps_work_rvu * work_gpci + nonfacility_opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor
  end as nonfacility_opps_exact,
  case when facility_opps_pe_rvu + opps_mp_rvu > 0 then
    cast(opps_work_rvu * work_gpci + facility_opps_pe_rvu * pe_gpci + opps_mp_rvu * mp_gpci as decimal(12, 5)) * conversion_factor
  end as facility_opps_exact
from $rows
