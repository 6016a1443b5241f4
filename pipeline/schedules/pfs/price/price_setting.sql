-- The setting of each place of service, and the kind of hospital that it is in. A setting that
-- changed counts from its own day: setting_period is the number of changes that had come by then.
with change as (
  select setting_from, row_number() over (order by setting_from) as change_number
  from (select distinct setting_from from place_of_service where setting_from is not null) as dated
),
settled as (
  select
    place.place_of_service, used.setting_period, place.hospital,
    case when change.change_number > used.setting_period then place.setting_before else place.setting end as setting
  from place_of_service as place
  cross join (select distinct setting_period from service_day) as used
  left join change on change.setting_from = place.setting_from
)
select place_of_service, setting_period, setting, setting = 'facility' as is_facility, hospital
from settled
