-- severity: error
-- Every QW row has a row of the plain test with the same rate.
-- source: 362 of 362 rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: of waived tests.
select 'clfs' as file_kind, waived.source_line,
  if(
    plain.rate is null,
    format('{} has a QW row and no plain one', waived.hcpcs_code),
    format('{} has the rate {} with QW and {} without', waived.hcpcs_code, waived.rate, plain.rate)
  ) as finding
from stage.clfs as waived
left join stage.clfs as plain on plain.hcpcs_code = waived.hcpcs_code and plain.modifier = ''
where waived.modifier = 'QW' and plain.rate is distinct from waived.rate
