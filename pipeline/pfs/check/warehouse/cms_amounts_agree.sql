-- severity: warning
-- CMS's own amounts agree with ours; a file of CMS that is out of date is named in reconciliation.
select release_id, format('{}: {} of {} values differ ({})', comparison, different_count, compared_count, verdict) as finding
from reconciliation
where different_count > 0
