-- severity: error
-- Where codes end with the release (action D), some have a last day: a file without any has lost the column.
-- source: 49 of 49 codes that end with HCPCS19Q1 and 7 of 7 with HCPCS25Q4; 515 and 1,225 have a last day
-- payment: of every claim after the end of a code.
select 'hcpcs' as file_kind, null as source_line, format('{} codes end with the release, and no code has a last day', count(*)) as finding
from stage.hcpcs
where action_code = 'D' and not exists (from stage.hcpcs where terminated_on is not null)
having count(*) > 0
