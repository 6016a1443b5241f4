-- severity: error
-- Every loaded line of the main file of a release is a row of rvu, and every code has its rank rows.
-- payment: any; our own account, which is never open.
select release_id, format('{}: {} lines loaded, {} rows in rvu', source_file, loaded_count, row_count) as finding
from source_file
join release using (release_id, posting_id)
join (select release_id, count(*) as row_count from rvu group by release_id) using (release_id)
where is_current and file_kind = 'pprrvu' and is_loaded and loaded_count <> row_count
union all
select release_id, format('{} codes in rvu, {} in work_rvu_rank', rvu_codes, rank_codes)
from (select release_id, count(distinct hcpcs_code) as rvu_codes from rvu group by release_id)
join (select release_id, count(*) as rank_codes from work_rvu_rank group by release_id) using (release_id)
where rvu_codes <> rank_codes
