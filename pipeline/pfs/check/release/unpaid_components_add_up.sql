-- severity: warning
-- The same where Medicare does not pay: CMS breaks the rule there (G0252 in 2025), so it is only reported.
select 'pprrvu' as file_kind, whole.source_line,
  format('{}: the whole service is not the sum of its 26 and TC rows (status {})', hcpcs_code, status_code) as finding
from stage.pprrvu as whole
join stage.pprrvu as professional using (hcpcs_code, status_code)
join stage.pprrvu as technical using (hcpcs_code, status_code)
where whole.modifier = '' and professional.modifier = '26' and technical.modifier = 'TC'
  and status_code not in ('A', 'R', 'T')
  and (
    whole.work_rvu <> professional.work_rvu + technical.work_rvu
    or whole.nonfacility_pe_rvu <> professional.nonfacility_pe_rvu + technical.nonfacility_pe_rvu
    or whole.mp_rvu <> professional.mp_rvu + technical.mp_rvu
  )
