-- severity: error above 0.5% from 2020
-- Status A says that Medicare pays from these RVUs, so a row of status A has some.
-- source: pfs-rules 2, invariant 2
-- payment: a row without RVUs has no amount but the reason no_rvu. CMS breaks it nowhere in hand.
select 'pprrvu' as file_kind, source_line, format('{} {} has status A and no RVU', hcpcs_code, modifier) as finding
from stage.pprrvu
where status_code = 'A' and work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu = 0
