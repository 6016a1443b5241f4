-- severity: error
-- The whole service is the sum of its 26 and TC rows, where all three have one payable status.
-- source: pfs-rules 2, invariant 3
-- payment: each of the three rows is paid. CMS breaks it nowhere (815 codes of status A, 72 of R in RVU25D).
select 'pprrvu' as file_kind, whole.source_line,
  format('{}: the whole service is not the sum of its 26 and TC rows', hcpcs_code) as finding
from stage.pprrvu as whole
join stage.pprrvu as professional using (hcpcs_code, status_code)
join stage.pprrvu as technical using (hcpcs_code, status_code)
where whole.modifier = '' and professional.modifier = '26' and technical.modifier = 'TC' and status_code in ('A', 'R', 'T')
  and (
    whole.work_rvu <> professional.work_rvu + technical.work_rvu
    or whole.nonfacility_pe_rvu <> professional.nonfacility_pe_rvu + technical.nonfacility_pe_rvu
    or whole.facility_pe_rvu <> professional.facility_pe_rvu + technical.facility_pe_rvu
    or whole.mp_rvu <> professional.mp_rvu + technical.mp_rvu
  )
