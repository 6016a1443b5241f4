-- severity: error
-- Every loaded line of the main file of a release, and of the files beside it that have its kind of row, is a row of the table that it becomes.
-- payment: any; our own account, which is never open.
with loaded as (
  select release_id, string_agg(source_file, ' and ' order by source_file) as files, sum(loaded_count) as line_count
  from source_file
  join release using (release_id, posting_id)
  where $held and file_kind in ($kinds) and is_loaded
  group by release_id
  -- Of files with several lines for a row the lines are no rows.
  having bool_and(layout not in ($several_lines))
)
select release_id, format('{}: {} lines loaded, {} rows in $tables', files, line_count, coalesce(row_count, 0)) as finding
from loaded
left join (select release_id, count(*) as row_count from ($rows) group by release_id) using (release_id)
where line_count is distinct from row_count
