-- severity: error above 0.5% from 2020
-- CMS's '+' stands exactly on rows with RVUs and a status other than A, R, T and C.
-- source: pfs-rules 2
-- payment: none by the flag; a status that changed shows here. CMS breaks it nowhere in 22 releases.
select 'pprrvu' as file_kind, source_line,
  format('{} {} has status {}, {} RVUs and {} not-used flag', hcpcs_code, modifier, status_code,
    if(has_rvus, 'some', 'no'), if(not_used_for_medicare, 'a', 'no')) as finding
from (select *, work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu > 0 as has_rvus from stage.pprrvu)
where not_used_for_medicare <> (has_rvus and status_code not in ('A', 'R', 'T', 'C'))
