-- What changed from one release to the next of its setting: a row per code that differs in anything
-- that the schema does not leave out. $pair names both releases, $before and $after are their rows.
with compared as (
  select
    pair.*,
    coalesce(after.setting, before.setting) as setting,
    hcpcs_code,
    before.units as units_before,
    after.units as units_after,
    coalesce(before.adjudication_indicator, '') as adjudication_indicator_before,
    coalesce(after.adjudication_indicator, '') as adjudication_indicator_after,
    coalesce(before.rationale, '') as rationale_before,
    coalesce(after.rationale, '') as rationale_after
  from $before as before
  full join $after as after using (release_id, hcpcs_code)
  cross join $pair as pair
)
select
  *,
  case
    when units_before is null then 'added'
    when units_after is null then 'ended'
    when units_after > units_before then 'raised'
    when units_after < units_before then 'lowered'
    else 'reworded'
  end as change_kind
from compared
where change_kind <> 'reworded'
  or adjudication_indicator_before <> adjudication_indicator_after
  or rationale_before <> rationale_after
