-- severity: error
-- A record of five characters is that of a code (3), one of two that of a modifier (7).
-- source: 15,646 of 15,646 records of HCPCS19Q1 and HCPCS25Q4
-- payment: none; what a code means and whether it is one.
select 'hcpcs' as file_kind, source_line, format('{} is a record of kind {}', hcpcs_code, record_type) as finding
from stage.hcpcs
where (record_type = '3') <> (length(hcpcs_code) = 5)
