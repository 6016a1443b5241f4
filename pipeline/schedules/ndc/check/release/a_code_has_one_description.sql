-- severity: error above 1%
-- All packages of a code have the same description.
-- source: not so for 1 code of NDC25Q3, and for none of NDC25Q1
-- payment: of the package, if the code is that of another one.
select 'ndc' as file_kind, min(source_line) as source_line,
  format('{} has {} descriptions', hcpcs_code, count(distinct description)) as finding
from stage.ndc
group by hcpcs_code
having count(distinct description) > 1
