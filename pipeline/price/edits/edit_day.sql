-- Which edits are known of each day of service. A release of pairs states the whole history up to its
-- last day; one of unlikely units is for the days of its quarter alone. NULL: none is loaded.
select
  service_day.service_day,
  max(case when release.schedule = 'ncci' then release.release_id end) as pair_release_id,
  max(case when release.schedule = 'mue' and release.series = 'practitioner' then release.release_id end) as unit_release_id,
  max(case when release.schedule = 'mue' and release.series = 'dme_supplier' then release.release_id end) as supplier_release_id
from service_day
left join release
  on service_day.service_day <= release.effective_to
  and (
    release.schedule = 'ncci' and release.series = 'practitioner' and release.is_latest
    or release.schedule = 'mue' and release.is_current and service_day.service_day >= release.effective_from
  )
group by service_day.service_day
