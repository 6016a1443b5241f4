-- severity: error
-- Every line of every file is accounted for exactly once.
-- payment: any; our own account, which is never open.
select '' as release_id, format('{}: {} lines, but the counts beside it sum to another number', source_file, line_count) as finding
from source_file
where line_count <> loaded_count + quarantined_count + header_count + notice_count + blank_count + duplicate_count + continuation_count
