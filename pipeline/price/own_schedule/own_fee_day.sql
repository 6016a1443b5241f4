-- Days on which the same releases and ZIP code files count: the first of them, fee_day, stands for all, so that
-- nothing is looked up again for each day.
with held as (
  select day.service_day, day.zip_file_from, day.zip9_file_from, $releases
  from service_day as day
  left join own_day as own on own.service_day = day.service_day
  group by day.service_day, day.zip_file_from, day.zip9_file_from
)
select
  service_day,
  min(service_day) over (partition by zip_file_from, zip9_file_from, $release_columns) as fee_day
from held
