-- severity: error above 1%
-- All packages of a code name the same dosage.
-- source: 23 codes of NDC25Q1 and 8 of NDC25Q3 have several, as 1 EA and 0.5 ML
-- payment: of units, if the dosage of another code stands there.
select 'ndc' as file_kind, min(source_line) as source_line,
  format('{} has {} dosages: {}', hcpcs_code, count(distinct upper(dosage_text)), string_agg(distinct dosage_text, '; ' order by dosage_text)) as finding
from stage.ndc
group by hcpcs_code
having count(distinct upper(dosage_text)) > 1
