-- severity: warning
-- The work index that is paid has its floor of 1.0 in the years in which it is known to be in force, 2021 to 2026; from 2027 on no source tells that it is.
-- source: pfs-rules 3.6 and 10.3. The law in hand extends it through January 1, 2027; the indices of 2021, 2022, 2025 and 2026 in hand have it, and CMS's own amounts of April 2026 need it.
-- payment: every amount of the localities below the floor, or of those whose two indices differ, if the floor has ended.
select 'gpci' as file_kind, min(source_line) as source_line,
  format('{} of {} localities have a work index below 1.0 ({}-{} has {}), and the floor of 1.0 under it is in force in {}: they are paid too little; bring the GPCI file of the release that has the index with the floor',
    count(*), any_value(localities), min_by(mac, source_line), min_by(locality_number, source_line),
    min_by(work_gpci, source_line)::varchar, any_value(calendar_year)) as finding
from (select *, count(*) over () as localities from stage.gpci), this_release
where calendar_year between 2021 and 2026 and work_gpci < 1
having count(*) > 0
union all
select 'gpci', min(source_line),
  format('{} of {} localities are paid with the floor of 1.0 under the work index ({}-{} with {} instead of {}), and no source tells that it is in force in {}: read the notes of the file',
    count(*), any_value(localities), min_by(mac, source_line), min_by(locality_number, source_line),
    min_by(work_gpci, source_line)::varchar, min_by(work_gpci_without_floor, source_line)::varchar, any_value(calendar_year))
from (select *, count(*) over () as localities from stage.gpci), this_release
where calendar_year > 2026 and work_gpci <> work_gpci_without_floor
having count(*) > 0
