-- severity: error above 30%
-- A package is known by a National Drug Code of 5, 4 and 2 digits; skin substitutes (Q4) have other numbers.
-- source: other numbers outside Q4: 1 row of NDC25Q1 and 1 of NDC25Q3 (the same J7 row)
-- payment: none; ndc11 is NULL then.
select 'ndc' as file_kind, source_line, format('{}: "{}" is no National Drug Code', hcpcs_code, ndc_text) as finding
from stage.ndc
where not starts_with(hcpcs_code, 'Q4') and not regexp_full_match(ndc_text, '[0-9]{1,5}-[0-9]{1,4}-[0-9]{1,2}|[0-9]{11}')
