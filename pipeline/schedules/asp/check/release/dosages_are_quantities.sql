-- severity: error above 5%
-- The dosage is a quantity: it begins with a number, or says what one unit is ("per vial", "up to 5 MG").
-- source: all 3,589 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of every unit, if the column is another.
select 'asp' as file_kind, source_line, format('{}: "{}" is no quantity', hcpcs_code, dosage_text) as finding
from stage.asp
where dosage_text <> '' and not regexp_matches(dosage_text, '(?i)^\s*(\.?[0-9]|per |up to |(greater|less) than )')
