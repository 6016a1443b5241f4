-- severity: error
-- Every loaded line of the main file of a release is a row of the table that it becomes.
-- payment: any; our own account, which is never open.
select release_id, format('{}: {} lines loaded, {} rows in $table', source_file, loaded_count, coalesce(row_count, 0)) as finding
from source_file
join release using (release_id, posting_id)
left join (select release_id, count(*) as row_count from $table group by release_id) using (release_id)
where is_current and file_kind = '$main_kind' and is_loaded and loaded_count is distinct from row_count
