-- severity: error above 5%
-- The dosage is a quantity: it begins with a number, or says what one unit is ("per vial", "up to 5 MG").
-- source: all 15,045 rows of NDC25Q1 and NDC25Q3
-- payment: none; the limit has a dosage of its own.
select 'ndc' as file_kind, source_line, format('{} {}: "{}" is no quantity', hcpcs_code, ndc_text, dosage_text) as finding
from stage.ndc
where dosage_text <> '' and not regexp_matches(dosage_text, '(?i)^\s*(\.?[0-9]|per |up to |(greater|less) than )')
