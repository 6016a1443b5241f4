-- severity: warning
-- A code has the same last day in all of its pairs, as an add-on code and as a primary code.
-- source: what the columns are for; not measured of a whole file
-- payment: until when an add-on code is paid, where a column of last days is exchanged or has slipped by a row.
with code as (
  select 'add-on' as kind, add_on as code, add_on_deleted_on as deleted_on, source_line from stage.aoc
  union all
  select 'primary', primary_code, primary_deleted_on, source_line from stage.aoc where primary_code <> 'CCCCC'
),
usual as (
  select kind, code, mode(coalesce(deleted_on::varchar, 'none')) as deleted_on
  from code
  group by all
)
select 'aoc' as file_kind, source_line,
  format('the {} code {} has the last day {} here, and {} in more rows', kind, code, coalesce(code.deleted_on::varchar, 'none'), usual.deleted_on) as finding
from code
join usual using (kind, code)
where coalesce(code.deleted_on::varchar, 'none') <> usual.deleted_on
