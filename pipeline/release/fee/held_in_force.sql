-- Every release in force, cut where a release of any schedule begins or ends: within a slot the
-- same releases answer.
with border as (
  select effective_from as day from release where is_current
  union
  select effective_to + 1 from release where is_current
),
slot as (
  select day as effective_from, lead(day) over (order by day) - 1 as effective_to from border
)
select
  release.schedule, release.release_id as release_key, release.release_id, slot.effective_from::varchar as slot,
  slot.effective_from, slot.effective_to
from release
join slot on slot.effective_from between release.effective_from and release.effective_to
where release.is_current
