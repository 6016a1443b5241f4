-- severity: warning
-- A release has about as many rows as the one before it, the first of a series as the one after it, and a posting as those that it replaced: far fewer say that a file was cut short.
-- source: CMS's crosswalk of drugs and packages, which grows fastest, grew by 9.8% from NDC25Q1 to NDC25Q3.
-- payment: of the rows that are missing, if CMS did not retire them.
with counted as (
  select posting_id, series, effective_from, is_current, row_count, if(is_current, release_id, posting_id) as name
  from release join ($row_counts) using (posting_id)
  where not is_sample
),
in_force as (
  select
    *,
    lag(name) over by_day as name_before, lag(row_count) over by_day as rows_before,
    lead(name) over by_day as name_after, lead(row_count) over by_day as rows_after,
    greatest(date_diff('quarter', effective_from, lead(effective_from) over by_day), 1) as quarters
  from counted
  where is_current
  window by_day as (partition by series order by effective_from)
),
compared as (
  select name as release_id, row_count, name_before as other, rows_before as other_count, 0.95 as share from in_force
  union all
  -- Schedules grow, and five percent a quarter are no sign of anything.
  select name, row_count, name_after, rows_after, 0.95 ** quarters
  from in_force
  where name_before is null
  union all
  select in_force.name, in_force.row_count, max_by(replaced.name, replaced.row_count), max(replaced.row_count), 0.95
  from in_force join counted as replaced using (series, effective_from)
  where not replaced.is_current
  group by in_force.name, in_force.row_count
)
select release_id, format('{} rows, but {} in {}: was a file cut short?', row_count, other_count, other) as finding
from compared
where row_count < share * other_count
