-- severity: error above 0.5%
-- Every row names the quantity that its limit is for, and a description.
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of every unit of that code; none, where few descriptions are missing.
select 'asp' as file_kind, source_line,
  format('{} has no {}', hcpcs_code, if(dosage_text = '', 'dosage', 'description')) as finding
from stage.asp
where dosage_text = '' or description = ''
