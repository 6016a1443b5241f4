-- The setting of each place of service that there was, and the kind of hospital that it is in. A setting
-- that changed counts from its own day: setting_period is the number of changes that had come by then.
-- How Medicare paid before a change no document at hand says.
with settled as (
  select
    place.place_of_service, used.setting_period, place.hospital,
    case when change.setting_period > used.setting_period then place.setting_before else place.setting end as setting,
    place.evidence = 'E' or coalesce(change.setting_period > used.setting_period, false) as is_setting_provisional
  from place_of_service as place
  join place_change as change on change.place_of_service = place.place_of_service
  join (select distinct setting_period from service_day) as used on used.setting_period >= change.first_period
)
select place_of_service, setting_period, setting, setting = 'facility' as is_facility, hospital, is_setting_provisional
from settled
