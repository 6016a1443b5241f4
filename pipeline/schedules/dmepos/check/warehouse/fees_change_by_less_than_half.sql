-- severity: warning
-- No fee is half as high again as in the release before, or half of it.
-- source: none of two releases is in hand
-- payment: of the item, if CMS erred.
select release_id, format('{}: changes from {}% to {}% from {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), lowest_change_percent, highest_change_percent, previous_release_id) as finding
from dme_change
where highest_change_percent > 50 or lowest_change_percent < -50
