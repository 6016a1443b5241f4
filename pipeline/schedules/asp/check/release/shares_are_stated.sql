-- severity: error above 0.5%
-- A file that has the patient's share has it in every row.
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: none by itself; the share of the patient is unknown.
select 'asp' as file_kind, source_line, format('{} has no coinsurance percentage', hcpcs_code) as finding
from stage.asp
where coinsurance_percent is null and exists (from stage.asp where coinsurance_percent is not null)
