-- What CMS says that the indicators of the release mean.
select release_id, 'payment_indicator' as indicator_kind, payment_indicator as indicator, indicator_text
from stage.asc_dd1
cross join this_release
union all by name
select release_id, 'comment_indicator' as indicator_kind, comment_indicator as indicator, indicator_text
from stage.asc_dd2
cross join this_release
