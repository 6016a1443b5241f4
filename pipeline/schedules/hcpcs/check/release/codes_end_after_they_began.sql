-- severity: error
-- No code or modifier ends before the day on which it was added.
-- source: 1,740 of 1,740 that have an end, of HCPCS19Q1 and HCPCS25Q4
-- payment: of claims on days on which the code is taken for unknown.
select 'hcpcs' as file_kind, source_line, format('{} was added on {} and ended on {}', hcpcs_code, added_on, terminated_on) as finding
from stage.hcpcs
where terminated_on < added_on
