-- severity: error above 1%
-- A category, a subcategory and a family have one name each.
-- source: 8 categories, 53 subcategories and 178 families in a public reading of the release of 2024; no file of CMS was at hand
-- payment: none; a column of names that was exchanged or has slipped.
with class as (
  select source_line, category_code as class, category as name from stage.rbcs
  union all
  select source_line, subcategory_code, subcategory from stage.rbcs
  union all
  select source_line, subcategory_code || family_number, family from stage.rbcs
)
select 'rbcs' as file_kind, source_line, format('{} is called {} here, and {} in more rows', class, name, usual) as finding
from (select *, mode(name order by name) over (partition by class) as usual from class)
where name <> usual
