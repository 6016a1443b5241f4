-- severity: error above 0.5%
-- Every QW row has a row of the plain test.
-- source: 362 of 362 rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: none of waived tests, whose rate stands in their own row; the plain test has none.
select 'clfs' as file_kind, source_line, format('{} has a QW row and no plain one', hcpcs_code) as finding
from stage.clfs as waived
where modifier = 'QW'
  and not exists (from stage.clfs as plain where plain.hcpcs_code = waived.hcpcs_code and plain.modifier = '')
