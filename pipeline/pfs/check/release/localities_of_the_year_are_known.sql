-- severity: warning
-- The number of localities is curated from 2020 on; of another year it is not checked.
select 'gpci' as file_kind, null as source_line, format('the localities of {} are not known', calendar_year) as finding
from this_release
where not exists (from locality_of_year where calendar_year between first_year and coalesce(last_year, 9999))
