-- severity: error
-- Every loaded line of a release is a row of lab_fee.
-- payment: any; our own account, which is never open.
select release_id, format('{}: {} lines loaded, {} rows in lab_fee', source_file, loaded_count, row_count) as finding
from source_file
join release using (release_id, posting_id)
left join (select release_id, count(*) as row_count from lab_fee group by release_id) using (release_id)
where is_current and file_kind = 'clfs' and is_loaded and loaded_count is distinct from row_count
