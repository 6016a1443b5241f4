-- severity: error
-- Imaging family 88 stands exactly where the multiple-procedure indicator is 4.
-- source: PFS_RULES 2
select 'pprrvu' as file_kind, source_line,
  format('{} {}: multiple-procedure indicator {} and imaging family {}', hcpcs_code, modifier,
    multiple_procedure_indicator, imaging_family_indicator) as finding
from stage.pprrvu
where (multiple_procedure_indicator = '4') <> (imaging_family_indicator = '88')
