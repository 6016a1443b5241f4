-- severity: error
-- The work index of Alaska is 1.5 from 2009 on: a file without it is not CMS's.
-- source: pfs-rules 3.6. Files before 2021 have no state; Alaska is locality 02102-01 since 2013 at the latest.
-- payment: every amount of Alaska. CMS has it in every file in hand; a GPCI file without it is left unread.
select 'gpci' as file_kind, source_line, format('the work index of Alaska is {} instead of 1.500', work_gpci::varchar) as finding
from stage.gpci, this_release
where (state = 'AK' or (state = '' and mac = '02102' and locality_number = '01')) and calendar_year >= 2009 and work_gpci <> 1.5
