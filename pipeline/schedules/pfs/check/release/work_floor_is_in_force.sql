-- severity: warning
-- Of a file that has the work index with and without its floor of 1.0, the one with the floor is paid; from 2027 on no source tells that the floor is in force.
-- source: pfs-rules 3.6. The law in hand extends it through January 1, 2027; CMS's own amounts of April 2026 have it.
-- payment: every amount of the localities whose two indices differ, if the floor has ended.
select 'gpci' as file_kind, min(source_line) as source_line,
  format('{} of {} localities are paid with the floor of 1.0 under the work index ({}-{} with {} instead of {}), and no source tells that it is in force in {}: read the notes of the file',
    count(*), any_value(localities), min_by(mac, source_line), min_by(locality_number, source_line),
    min_by(work_gpci, source_line)::varchar, min_by(work_gpci_without_floor, source_line)::varchar, any_value(calendar_year)) as finding
from (select *, count(*) over () as localities from stage.gpci), this_release
where calendar_year > 2026 and work_gpci <> work_gpci_without_floor
having count(*) > 0
