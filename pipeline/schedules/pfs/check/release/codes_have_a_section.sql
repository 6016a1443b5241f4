-- severity: warning
-- Every code falls in a range of code_section; one that does not is ranked nowhere.
-- payment: none; ranks only.
select 'pprrvu' as file_kind, source_line, format('{} falls in no section', hcpcs_code) as finding
from rvu
where section = ''
