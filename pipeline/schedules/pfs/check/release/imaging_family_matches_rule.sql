-- severity: error above 0.5% from 2020
-- An imaging family stands exactly where the multiple-procedure indicator is 4: 88, or until 2010 one of the families 01 to 11.
-- source: pfs-rules 2
-- payment: none by the family itself; the multiple-procedure indicator decides. CMS errs: D0322 and D0380 to D0386 with
-- their components in every release of 2024 (24 rows), 0648T in RVU21C.
select 'pprrvu' as file_kind, source_line,
  format('{}: multiple-procedure indicator {} and imaging family {}', trim(hcpcs_code || ' ' || modifier),
    multiple_procedure_indicator, imaging_family_indicator) as finding
from stage.pprrvu, this_release
where (multiple_procedure_indicator = '4')
  <> (imaging_family_indicator = '88' or (calendar_year <= 2010 and imaging_family_indicator between '01' and '11'))
