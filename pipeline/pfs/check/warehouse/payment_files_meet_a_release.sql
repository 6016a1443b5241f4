-- severity: warning
-- A payment file of CMS is compared with the release of its quarter; without that release it proves nothing.
select '' as release_id, format('{} belongs to no release that is loaded', source_file) as finding
from source_file
where file_kind in ('pfrev', 'anesthesia_factor') and source_file not in (select source_file from reconciliation)
