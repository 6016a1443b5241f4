-- severity: warning
-- Every locality of the releases of a year has a ZIP code in each ZIP file of it: one without says that the file was cut off at the end of a line.
-- source: ZIP5_OCT2025 and ZIP5_JAN2026 lead to all 109 localities of RVU25D and RVU26B.
-- payment: of claim lines with a ZIP code that is missing, which have no locality then.
with zip as (
  select distinct source_file, year(effective_from) as calendar_year, mac, locality_number from zip_locality
),
of_year as (
  select distinct calendar_year, mac, locality_number, first_value(state) over (partition by calendar_year, mac, locality_number order by release_id desc) as state
  from release join locality using (release_id)
  where is_current and not is_sample
),
listed as (
  select
    source_file, calendar_year, format('{}-{} in {}', of_year.mac, of_year.locality_number, state) as place,
    zip.mac is null as is_missing
  from (select distinct source_file, calendar_year from zip)
  join of_year using (calendar_year)
  left join zip using (source_file, calendar_year, mac, locality_number)
)
select '' as release_id,
  format('{}: no ZIP code leads to {} of the {} localities of {} ({}{}): was the file cut off?',
    source_file, count(*) filter (is_missing), count(*), calendar_year,
    array_to_string(list_sort(list(place) filter (is_missing))[:5], ', '),
    if(count(*) filter (is_missing) > 5, ', ...', '')) as finding
from listed
group by source_file, calendar_year
having count(*) filter (is_missing) > 0
