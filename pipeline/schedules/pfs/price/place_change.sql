-- The days on which a place of service came to be or changed its setting, numbered: what a place is
-- on a day follows from how many of them had come by then. The first days of places come from where
-- the gates come from ($place_dates), and not from the table of a warehouse that is older than they.
with place_date as (
  select * from (values $place_dates) as place_date (place_of_service, effective_from)
),
change as (
  select setting_from as change_day from place_of_service where setting_from is not null
  union
  select effective_from from place_date
),
numbered as (
  select change_day, cast(row_number() over (order by change_day) as integer) as change_number from change
)
select
  place.place_of_service, coalesce(begun.change_number, 0) as first_period, coalesce(changed.change_number, 0) as setting_period,
  place_date.effective_from, place.setting_from
from place_of_service as place
left join place_date on place_date.place_of_service = place.place_of_service
left join numbered as begun on begun.change_day = place_date.effective_from
left join numbered as changed on changed.change_day = place.setting_from
