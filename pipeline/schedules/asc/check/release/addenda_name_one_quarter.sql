-- severity: error
-- The head of every addendum that names a quarter names that of the release.
-- source: ASC25Q1: AA, BB and FF, each January 2025 in every cell
-- payment: of what the addendum has, which would be of another quarter.
select file_kind, null as source_line, format('its head names quarter {} of {}, and the release begins on {}', named.quarter, named.year, this_release.effective_from) as finding
from stage.asc_quarter as named
cross join this_release
where (named.year, named.quarter) <> (year(this_release.effective_from), quarter(this_release.effective_from))
