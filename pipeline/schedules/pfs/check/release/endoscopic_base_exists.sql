-- severity: error above 0.5% from 2020
-- A code has an endoscopic base exactly where its multiple-procedure indicator is 3; the base is another code of the file.
-- source: pfs-rules 2
-- payment: of several endoscopies on a day. CMS errs: 0963T in RVU25C, three rows with indicator 3 and no base.
select 'pprrvu' as file_kind, code.source_line,
  format('{}: multiple-procedure indicator {} and endoscopic base "{}"', trim(code.hcpcs_code || ' ' || code.modifier),
    code.multiple_procedure_indicator, code.endoscopic_base_code) as finding
from stage.pprrvu as code
left join (select distinct hcpcs_code from stage.pprrvu) as base on base.hcpcs_code = code.endoscopic_base_code
where (code.multiple_procedure_indicator = '3') <> (code.endoscopic_base_code <> '')
  or (code.endoscopic_base_code <> '' and (base.hcpcs_code is null or base.hcpcs_code = code.hcpcs_code))
