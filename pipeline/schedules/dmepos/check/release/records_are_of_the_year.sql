-- severity: error
-- Every record of the text form names the year of the release.
-- source: DMEPOS25Q1: 2,650 of 2,650 records of nutrition
-- payment: all of it, of another year.
select 'dmepos' as file_kind, min(source_line) as source_line, format('{} records are of {}, and the release of {}', count(distinct source_line), said.calendar_year, this_release.calendar_year) as finding
from stage.dmepos as said
cross join this_release
where said.calendar_year <> this_release.calendar_year
group by said.calendar_year, this_release.calendar_year
