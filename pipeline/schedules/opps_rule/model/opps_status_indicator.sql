-- The status indicators in CMS's words.
select this_release.release_id, addendum.*
from stage.opps_rule_addendum_d1 as addendum
cross join this_release
