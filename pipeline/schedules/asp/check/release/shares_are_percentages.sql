-- severity: error above 1%
-- No share of the patient is a fraction: 20 percent is written as 20, and not as 0.2.
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: the patient's share, which would be a hundredth.
select 'asp' as file_kind, source_line, format('{}: coinsurance {} percent', hcpcs_code, coinsurance_percent::varchar) as finding
from stage.asp
where coinsurance_percent > 0 and coinsurance_percent < 1
