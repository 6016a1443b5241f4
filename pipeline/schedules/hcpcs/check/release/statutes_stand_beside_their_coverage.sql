-- severity: warning
-- A statute stands where it excludes the code (coverage S), may stand where the rules are special (D), and stands nowhere else, in a file that has any.
-- source: 14,903 of 14,903 codes of HCPCS19Q1 and HCPCS25Q4; of the modifiers GY has S and no statute
-- payment: none; whether Medicare covers the code, where a column is exchanged or has slipped by a row.
select 'hcpcs' as file_kind, source_line, format('{} has the coverage code {} and the statute "{}"', hcpcs_code, coverage_code, statute) as finding
from stage.hcpcs
where record_type = '3'
  and exists (from stage.hcpcs where statute <> '')
  and ((coverage_code = 'S' and statute = '') or (statute <> '' and coverage_code not in ('S', 'D')))
