-- severity: error above 0.5%
-- A code has the day of its approval for surgical centers exactly where it is approved (YY), in a file that has both.
-- source: 15,646 of 15,646 records of HCPCS19Q1 and HCPCS25Q4
-- payment: none; ASC fees have a schedule of their own.
select 'hcpcs' as file_kind, source_line, format('{} has the group "{}" since {}', hcpcs_code, asc_group, coalesce(asc_from::varchar, 'no day')) as finding
from stage.hcpcs
where (asc_group = 'YY') <> (asc_from is not null)
  and exists (from stage.hcpcs where asc_group <> '') and exists (from stage.hcpcs where asc_from is not null)
