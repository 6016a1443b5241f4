-- What changed from one release to the next of its setting. $pair names both releases, $before and
-- $after are their rows, of which nearly all are the same: only the others are put side by side, by
-- pair and first day. Of a pair that began twice on one day, the edit that was never in force is the last.
with told_before as (
  select column1, column2, effective_from, effective_to, modifier_indicator, rationale, before_1996
  from $before as before
),
told_after as (
  select column1, column2, effective_from, effective_to, modifier_indicator, rationale, before_1996
  from $after as after
),
before as (
  select
    *, row_number() over (partition by column1, column2, effective_from order by modifier_indicator) as place
  from (from told_before except from told_after)
),
after as (
  select
    *, row_number() over (partition by column1, column2, effective_from order by modifier_indicator) as place
  from (from told_after except from told_before)
)
select
  pair.*,
  release.setting,
  column1,
  column2,
  effective_from,
  case
    when before.column1 is null then 'added'
    when after.column1 is null then 'vanished'
    when before.effective_to is null and after.effective_to is not null then 'deleted'
    when before.modifier_indicator <> after.modifier_indicator then 'indicator_changed'
    else 'changed'
  end as change_kind,
  before.effective_to as effective_to_before,
  after.effective_to as effective_to_after,
  coalesce(before.modifier_indicator, '') as modifier_indicator_before,
  coalesce(after.modifier_indicator, '') as modifier_indicator_after,
  coalesce(before.rationale, '') as rationale_before,
  coalesce(after.rationale, '') as rationale_after,
  before.before_1996 as before_1996_before,
  after.before_1996 as before_1996_after
from before
full join after using (column1, column2, effective_from, place)
cross join $pair as pair
cross join (select any_value(setting) as setting from $after as after) as release
