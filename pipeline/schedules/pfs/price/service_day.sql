-- One row per day on which a line has a date of service: what is in force on it, and no release
-- where none is. All that depends on dates is decided here, once per day and not once per line.
-- A conversion factor that changes within the period of a release counts from its own day, so a
-- period is a release with the days on which its factors began.
-- Where no ZIP file is of the day, the last one before it stands in, or the first there is.
with asked as (
  select distinct date_of_service as service_day from claim_line where date_of_service is not null
),
-- A number is compared faster than a name.
numbered_release as (
  select release.*, cast(row_number() over (order by release_id) as integer) as release_number from release where schedule = 'pfs' and is_current
),
in_force as (
  select
    asked.service_day, release.release_id, release.release_number, release.calendar_year, release.effective_from,
    row_number() over (
      partition by asked.service_day order by release.effective_from desc, release.release_id desc
    ) as choice
  from asked
  join numbered_release as release
    on asked.service_day between release.effective_from and release.effective_to
),
factor_of_day as (
  select
    in_force.service_day, in_force.release_id, in_force.release_number, in_force.calendar_year, in_force.effective_from,
    coalesce(max(case when factor.program = 'pfs' then factor.effective_from end), in_force.effective_from) as factor_from,
    coalesce(max(case when factor.program = 'anesthesia' then factor.effective_from end), in_force.effective_from)
      as anesthesia_factor_from
  from in_force
  left join conversion_factor as factor
    on factor.effective_from > in_force.effective_from and factor.effective_from <= in_force.service_day
  where in_force.choice = 1
  group by
    in_force.service_day, in_force.release_id, in_force.release_number, in_force.calendar_year, in_force.effective_from
),
numbered_period as (
  select
    release_number, factor_from, anesthesia_factor_from,
    cast(row_number() over (order by release_number, factor_from, anesthesia_factor_from) as integer) as period_number
  from (select distinct release_number, factor_from, anesthesia_factor_from from factor_of_day) as period
),
setting_of_day as (
  -- How many of the changes of places and their settings had come by that day.
  select asked.service_day, count(distinct change.change_day) as setting_period
  from asked
  left join (
    select setting_from as change_day from place_change
    union
    select effective_from from place_change
  ) as change
    on change.change_day <= asked.service_day
  group by asked.service_day
),
zip_file as (select distinct effective_from, effective_to from zip_locality),
zip_of_day as (
  select
    asked.service_day,
    coalesce(
      max(case when zip_file.effective_from <= asked.service_day then zip_file.effective_from end),
      min(zip_file.effective_from)
    ) as zip_file_from,
    max(case when asked.service_day between zip_file.effective_from and zip_file.effective_to then 1 else 0 end) = 0
      as is_zip_file_of_another_time
  from asked cross join zip_file
  group by asked.service_day
),
zip9_file as (select distinct effective_from, effective_to from zip9_locality),
zip9_of_day as (
  select
    asked.service_day,
    coalesce(
      max(case when zip9_file.effective_from <= asked.service_day then zip9_file.effective_from end),
      min(zip9_file.effective_from)
    ) as zip9_file_from,
    max(case when asked.service_day between zip9_file.effective_from and zip9_file.effective_to then 1 else 0 end) = 0
      as is_zip9_file_of_another_time
  from asked cross join zip9_file
  group by asked.service_day
),
-- How many of the days had come on which something changes that the SQL of later steps names.
changed as (
  select
    asked.service_day,
    count(distinct case when named.named_day <= asked.service_day then named.named_day end)
      + count(distinct case when named.named_day < asked.service_day then named.named_day end) as change_count
  from asked
  cross join (values $named_days) as named (named_day)
  group by asked.service_day
),
known as (
  select
    asked.service_day, changed.change_count, day.release_id, day.release_number, day.calendar_year, day.effective_from, day.factor_from,
    day.anesthesia_factor_from, numbered_period.period_number, setting_of_day.setting_period,
    zip_of_day.zip_file_from, zip_of_day.is_zip_file_of_another_time,
    zip9_of_day.zip9_file_from, zip9_of_day.is_zip9_file_of_another_time
  from asked
  join changed on changed.service_day = asked.service_day
  join setting_of_day on setting_of_day.service_day = asked.service_day
  left join factor_of_day as day on day.service_day = asked.service_day
  left join numbered_period
    on numbered_period.release_number = day.release_number and numbered_period.factor_from = day.factor_from
    and numbered_period.anesthesia_factor_from = day.anesthesia_factor_from
  left join zip_of_day on zip_of_day.service_day = asked.service_day
  left join zip9_of_day on zip9_of_day.service_day = asked.service_day
)
select
  known.*,
  -- Days on which all is alike are of one class: the first of them stands for all.
  min(service_day) over (
    partition by
      change_count, release_id, release_number, calendar_year, effective_from, factor_from, anesthesia_factor_from,
      period_number, setting_period, zip_file_from, zip9_file_from
  ) as class_day
from known
