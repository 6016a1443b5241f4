-- severity: warning
-- The whole service is the sum of its 26 and TC rows where Medicare does not pay, too; CMS breaks this rule in G0252 alone.
-- payment: none, by its status.
select 'pprrvu' as file_kind, whole.source_line,
  format('{}: the whole service is not the sum of its 26 and TC rows (status {})', hcpcs_code, status_code) as finding
from stage.pprrvu as whole
join stage.pprrvu as professional using (hcpcs_code, status_code)
join stage.pprrvu as technical using (hcpcs_code, status_code)
where whole.modifier = '' and professional.modifier = '26' and technical.modifier = 'TC'
  and status_code not in ('A', 'R', 'T') and hcpcs_code <> 'G0252'
  and (
    whole.work_rvu <> professional.work_rvu + technical.work_rvu
    or whole.nonfacility_pe_rvu <> professional.nonfacility_pe_rvu + technical.nonfacility_pe_rvu
    or whole.mp_rvu <> professional.mp_rvu + technical.mp_rvu
  )
