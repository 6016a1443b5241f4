-- The release of each schedule that is in force on each day of service. A schedule may price by the release of
-- another one, as ambulances do by the indices of localities.
with held as (
  select schedule, release_id from release where is_current and schedule in ($schedules)
  union
  select schedule, release_id from own_item
),
in_force as (
  select
    day.service_day, held.schedule, held.release_id,
    row_number() over (
      partition by day.service_day, held.schedule order by release.effective_from desc, release.release_id desc
    ) as choice
  from held
  join release on release.release_id = held.release_id and release.is_current
  join service_day as day on day.service_day between release.effective_from and release.effective_to
)
select service_day, schedule, release_id
from in_force
where choice = 1
