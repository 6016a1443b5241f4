-- severity: error
-- The title of every file that names a month and a year names the first month of the release.
-- source: DMEPOS25Q1: five of five titles, each January 2025
-- payment: of what the file has, which would be of another quarter.
select file_kind, null as source_line, format('its title names quarter {} of {}, and the release begins on {}', named.quarter, named.year, this_release.effective_from) as finding
from stage.dme_quarter as named
cross join this_release
where (named.year, named.quarter) <> (year(this_release.effective_from), quarter(this_release.effective_from))
