-- severity: warning
-- The localities are curated from 2020 to the last year whose file was seen; those of another year are not checked.
-- payment: none; the localities of the file are used.
select 'gpci' as file_kind, null as source_line,
  format('the localities of {} are not known; the file names {}', calendar_year, (select count(*) from stage.gpci)) as finding
from this_release
where calendar_year not between (select min(first_year) from locality_of_year) and (select max(last_seen_year) from locality_of_year)
