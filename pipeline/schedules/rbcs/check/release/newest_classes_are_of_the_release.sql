-- severity: warning
-- Some classes were first released in the year of the release: where none was, the file may be of an earlier year.
-- source: a public loader takes the latest of these years for that of the release; no file of CMS was at hand
-- payment: none; all classes, of another year.
select 'rbcs' as file_kind, null as source_line,
  format('the newest classes are of {}, and the release is of {}', max(first_release_year), calendar_year) as finding
from stage.rbcs
cross join this_release
where not is_sample
group by calendar_year
having max(first_release_year) < calendar_year
