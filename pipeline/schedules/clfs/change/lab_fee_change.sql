-- What changed from one release to the next: a row per code and modifier that differs in anything
-- that the schema does not leave out. $pair names both releases.
with after as (
  select pair.previous_release_id, lab_fee.* from lab_fee join $pair as pair using (release_id)
),
before as (
  select pair.release_id, lab_fee.* exclude (release_id)
  from lab_fee
  join $pair as pair on lab_fee.release_id = pair.previous_release_id
),
compared as (
  select
    pair.*,
    hcpcs_code,
    modifier,
    coalesce(before.price_status, '') as price_status_before,
    coalesce(after.price_status, '') as price_status_after,
    before.rate as rate_before,
    after.rate as rate_after,
    after.rate - before.rate as rate_change,
    concat_ws(
      ',',
      if(before.description <> after.description, 'description', null),
      if(before.long_description <> after.long_description, 'long_description', null),
      if(before.extended_description <> after.extended_description, 'extended_description', null)
    ) as changed_texts
  from before
  full join after using (release_id, hcpcs_code, modifier)
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
