-- severity: error
-- The GPCI file names exactly the localities of its year: 112 in 2020 to 2023, 109 from 2024.
-- source: pfs-rules 1.6, 8 trap 20
-- payment: every amount of a locality. A GPCI file with others is left unread; in a year of which no file was seen they are CMS's news.
with known as (
  select mac, locality_number
  from locality_of_year, this_release
  where this_release.calendar_year between first_year and coalesce(last_year, 9999)
),
counted as (select (select count(*) from stage.gpci) as found, (select count(*) from known) as expected)
select 'gpci' as file_kind, gpci.source_line,
  format('locality {}-{} is {}; the file names {} localities where {} exist that year',
    coalesce(gpci.mac, known.mac), coalesce(gpci.locality_number, known.locality_number),
    if(gpci.mac is null, 'missing', 'not known'), found, expected) as finding
from stage.gpci as gpci
full join known using (mac, locality_number)
cross join counted
where found > 0 and expected > 0 and (gpci.mac is null or known.mac is null)
  and (select calendar_year from this_release) <= (select max(last_seen_year) from locality_of_year)
