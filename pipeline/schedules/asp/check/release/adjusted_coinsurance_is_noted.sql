-- severity: error above 1%
-- A patient's share between 0 and 20 percent is noted as adjusted for inflation, where the file has notes.
-- source: 246 of 246 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3; a slip by a row breaks some 67 of 970
-- payment: the patient's share.
select 'asp' as file_kind, source_line, format('{}: coinsurance {} percent, noted as "{}"', hcpcs_code, coinsurance_percent::varchar, note) as finding
from stage.asp
where exists (from stage.asp where note <> '') and coinsurance_percent > 0 and coinsurance_percent < 20 and not contains(lower(note), 'inflation-adjusted coinsurance')
