-- The localities of the release; the nation, which has a row in old files, is none. Their keys come from its GPCI file or, where the bundle lacks
-- that, from ANES, LOCCO or the curated list of the year, in this order; then no index is known.
with keyed as (
  select mac, locality_number, 1 as choice from stage.gpci where mac <> '00000'
  union all
  select mac, locality_number, 2 from stage.anes
  union all
  select mac, locality_number, 3 from stage.locco
  union all
  select mac, locality_number, 4
  from locality_of_year, this_release
  where this_release.calendar_year between first_year and coalesce(last_year, 9999)
),
chosen as (
  select mac, locality_number from keyed where choice = (select min(choice) from keyed)
)
select
  this_release.release_id,
  mac,
  locality_number,
  coalesce(gpci.state, '') as state,
  trim(rtrim(coalesce(gpci.locality_name, anes.locality_name, ''), '*')) as locality_name,
  coalesce(locco.fee_schedule_area, '') as fee_schedule_area,
  coalesce(locco.counties, '') as counties,
  gpci.work_gpci,
  gpci.pe_gpci,
  gpci.mp_gpci,
  anes.anesthesia_conversion_factor,
  case when gpci.mac is null then 'missing' else 'cms' end as gpci_status,
  gpci.work_gpci_without_floor,
  anes.qp_anesthesia_conversion_factor
from chosen
cross join this_release
left join stage.gpci as gpci using (mac, locality_number)
left join stage.anes as anes using (mac, locality_number)
left join stage.locco as locco using (mac, locality_number)
