-- severity: warning
-- A payment file of CMS is compared with the releases of its year; without one it proves nothing.
-- payment: none; the file is compared with and nothing is computed from it.
select '' as release_id, format('{} belongs to no release that is loaded', source_file) as finding
from source_file
where is_loaded and file_kind in ('pfrev', 'anesthesia_factor') and source_file not in (select source_file from reconciliation)
