-- severity: error
-- GPCI, ANES and LOCCO each name exactly the localities of their year: 112 in 2020 to 2023, 109 from 2024.
-- source: pfs-rules 1.6, 8 trap 20
-- payment: every amount of a locality. A file with others is left unread; in a year of which no file was seen they are CMS's news.
with known as (
  select mac, locality_number
  from locality_of_year, this_release
  where this_release.calendar_year between first_year and coalesce(last_year, 9999)
    and this_release.calendar_year <= (select max(last_seen_year) from locality_of_year)
),
listed as (
  select 'gpci' as file_kind, mac, locality_number, source_line from stage.gpci
  union all select 'anes', mac, locality_number, source_line from stage.anes
  union all select 'locco', mac, locality_number, source_line from stage.locco
),
counted as (select file_kind, count(*) as found from listed group by file_kind),
expected as (select file_kind, mac, locality_number from counted, known)
select file_kind, listed.source_line,
  format('locality {}-{} is {}; the file names {} localities where {} exist that year',
    mac, locality_number, if(listed.mac is null, 'missing', 'not known'), found, (select count(*) from known)) as finding
from listed
full join expected using (file_kind, mac, locality_number)
join counted using (file_kind)
where exists (from known) and (listed.mac is null or expected.mac is null)
