-- severity: error above 1%
-- Every package names the quantity that a unit of its code stands for, its labeler and its product.
-- source: all 15,045 rows of NDC25Q1 and NDC25Q3
-- payment: none.
select 'ndc' as file_kind, source_line, format('{} {}: no dosage, labeler, product or description', hcpcs_code, ndc_text) as finding
from stage.ndc
where '' in (dosage_text, labeler, drug_name, description)
