-- severity: error
-- A QW row has the rate of the plain test.
-- source: 362 of 362 rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: of waived tests, or of the plain ones: one of two rates is wrong.
select 'clfs' as file_kind, waived.source_line,
  format('{} has the rate {} with QW and {} without', waived.hcpcs_code, waived.rate::varchar, plain.rate::varchar) as finding
from stage.clfs as waived
join stage.clfs as plain on plain.hcpcs_code = waived.hcpcs_code and plain.modifier = ''
where waived.modifier = 'QW' and plain.rate <> waived.rate
