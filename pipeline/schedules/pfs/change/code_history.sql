-- The value of each code in every release loaded, with what changed from the release before and
-- why a payment changed, from rvu_change: of the row that stands for a code, as in code_profile.
select
  * exclude (previous_release_id, next_release_id, is_other),
  coalesce(last_value(case when is_other then release_id end ignore nulls) over until_now, '') as last_change_release_id,
  coalesce(last_value(case when is_other then change_from_previous end ignore nulls) over until_now, '') as last_change
from (select *, change_from_previous not in ('first_loaded', 'factor_only', 'unchanged') as is_other from $compared as compared)
window until_now as (partition by hcpcs_code order by effective_from rows unbounded preceding)
