-- What changed from one release to the next: a row per code that differs in anything that the schema
-- does not leave out. $pair names both releases, $before and $after are their rows,
-- $differing names the columns that differ.
with compared as (
  select
    pair.*,
    hcpcs_code,
    before.added_on is null as is_new,
    after.added_on is null as is_gone,
    before.terminated_on as terminated_on_before,
    after.terminated_on as terminated_on_after,
    coalesce(before.pricing_indicators, '') as pricing_indicators_before,
    coalesce(after.pricing_indicators, '') as pricing_indicators_after,
    coalesce(before.coverage_code, '') as coverage_code_before,
    coalesce(after.coverage_code, '') as coverage_code_after,
    $differing as differing
  from $before as before
  full join $after as after using (release_id, hcpcs_code)
  cross join $pair as pair
)
select
  * exclude (is_new, is_gone, differing),
  if(is_new or is_gone, '', differing) as changed_columns,
  case
    when is_new then 'added'
    when is_gone then 'removed'
    when terminated_on_before is null and terminated_on_after is not null then 'ended'
    when terminated_on_before is not null and terminated_on_after is null then 'reinstated'
    when pricing_indicators_before <> pricing_indicators_after then 'repriced'
    when differing in ('description', 'long_description', 'description,long_description') then 'texts_only'
    else 'other'
  end as change_kind
from compared
where differing <> '' or is_new or is_gone
