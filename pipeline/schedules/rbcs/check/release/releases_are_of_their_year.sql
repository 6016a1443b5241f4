-- severity: error
-- No class was first released after the year of its release: a later year says that the file is of a later one.
-- source: a public loader takes the latest of these years for that of the release; no file of CMS was at hand
-- payment: none; all classes, of another year.
select 'rbcs' as file_kind, source_line,
  format('{} is of class {} since the release of {}, and this is that of {}', hcpcs_code, rbcs_id, first_release_year, calendar_year) as finding
from stage.rbcs
cross join this_release
where first_release_year > calendar_year
