-- The latest release of each schedule, all in one slot, whatever their days are.
select schedule, release_id as release_key, release_id, 'latest' as slot, effective_from, effective_to
from release
where is_latest
