-- severity: error
-- Every row names the year of its release.
-- source: all rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: all of it, of another year.
select 'clfs' as file_kind, source_line,
  format('{} {} is of {}, but the release of {}', hcpcs_code, modifier, clfs.calendar_year, this_release.calendar_year) as finding
from stage.clfs as clfs
cross join this_release
where clfs.calendar_year <> this_release.calendar_year
