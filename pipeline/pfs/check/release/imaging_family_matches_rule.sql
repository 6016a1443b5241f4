-- severity: error from 2020
-- An imaging family stands exactly where the multiple-procedure indicator is 4: 88, or until 2010 one of the families 01 to 11.
-- source: PFS_RULES 2
select 'pprrvu' as file_kind, source_line,
  format('{} {}: multiple-procedure indicator {} and imaging family {}', hcpcs_code, modifier,
    multiple_procedure_indicator, imaging_family_indicator) as finding
from stage.pprrvu, this_release
where (multiple_procedure_indicator = '4')
  <> (imaging_family_indicator = '88' or (calendar_year <= 2010 and imaging_family_indicator between '01' and '11'))
