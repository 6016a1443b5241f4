-- severity: error above 0.5% from 2020
-- Rows of status C, E, J, M and P carry no RVUs.
-- source: pfs-rules 2, invariant 2
-- payment: none, whatever the RVUs: the status gives the reason. CMS breaks it nowhere in hand.
select 'pprrvu' as file_kind, source_line,
  format('{} {} has status {} and RVUs', hcpcs_code, modifier, status_code) as finding
from stage.pprrvu
where status_code in ('C', 'E', 'J', 'M', 'P') and work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu > 0
