-- severity: warning
-- Clotting factors have codes that begin with J71 or J72.
-- source: 137 of 137 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: a furnishing fee beside the limit, for another drug.
select 'asp' as file_kind, source_line, format('{} is flagged as a clotting factor', hcpcs_code) as finding
from stage.asp
where is_clotting_factor and not regexp_matches(hcpcs_code, '^J7[12]')
