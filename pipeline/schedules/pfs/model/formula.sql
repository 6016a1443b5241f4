-- The exact amounts of RVU rows, unrounded (pfs-rules 3.1, 3.2). $rows is a relation of RVU rows with
-- the three indices of a place and a conversion factor; at national level all indices are 1. The
-- formula stands in formula.py:
--
--   (work x work index + practice expense x its index + malpractice x its index) x factor
--
-- The OPPS amounts are NULL where the service has no OPPS values.
select
  *,
  $nonfacility as nonfacility_exact,
  $facility as facility_exact,
  case when nonfacility_opps_pe_rvu + opps_mp_rvu > 0 then $nonfacility_opps end as nonfacility_opps_exact,
  case when facility_opps_pe_rvu + opps_mp_rvu > 0 then $facility_opps end as facility_opps_exact
from $rows
