-- severity: warning
-- A limit is above zero: a drug without a limit has N/A.
-- source: 3,582 of 3,582 limits of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3; the lowest is 0.002
-- payment: nothing for the drug, if CMS does not mean N/A.
select 'asp' as file_kind, source_line, format('{} has a limit of 0', hcpcs_code) as finding
from stage.asp
where payment_limit = 0
