-- severity: error above 0.5%
-- The six characters of a class are its subcategory, the number of its family and its major indicator, and a subcategory begins with its category.
-- source: CMS's data dictionary as public code cites it; no file of CMS was at hand
-- payment: none; another class, or a column that was exchanged.
select 'rbcs' as file_kind, source_line,
  format('{} is of class {}, with the subcategory {}, the family {} and the indicator {}', hcpcs_code, rbcs_id, subcategory_code, family_number, major_indicator) as finding
from stage.rbcs
where rbcs_id <> subcategory_code || family_number || major_indicator or left(subcategory_code, 1) <> category_code
