-- severity: warning
-- The factor that the weights have is the one that CMS publishes for those days, where that is known.
-- source: ASC25Q1: 54.895
-- payment: all of it, if the file is of another year.
select 'asc_aa' as file_kind, null as source_line, format('the weights have the factor {}, and {} is published', derived_factor::varchar, curated_factor::varchar) as finding
from release_factor
where derived_factor <> curated_factor
