-- What changed from one release to the next: a row per code and modifier that differs in anything
-- that the schema does not leave out. $pair names both releases, $before and $after are their rows,
-- $texts names the descriptors that differ.
with compared as (
  select
    pair.*,
    hcpcs_code,
    modifier,
    coalesce(before.price_status, '') as price_status_before,
    coalesce(after.price_status, '') as price_status_after,
    before.rate as rate_before,
    after.rate as rate_after,
    after.rate - before.rate as rate_change,
    if(before.price_status is null or after.price_status is null, '', $texts) as changed_texts
  from $before as before
  full join $after as after using (release_id, hcpcs_code, modifier)
  cross join $pair as pair
)
select
  *,
  case
    when price_status_before = '' then 'added'
    when price_status_after = '' then 'removed'
    when price_status_before <> price_status_after or rate_change <> 0 then 'repriced'
    else 'texts_only'
  end as change_kind
from compared
where change_kind <> 'texts_only' or changed_texts <> ''
