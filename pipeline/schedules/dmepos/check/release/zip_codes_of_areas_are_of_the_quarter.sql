-- severity: error
-- Every ZIP code is of the quarter of the release.
-- source: DMEPOS25Q1: 16,119 of 16,119
-- payment: of who lives there, by the areas of another quarter.
select 'dme_cba_zip' as file_kind, min(source_line) as source_line, format('{} ZIP codes are of {}, and the release begins on {}', count(*), year_quarter, this_release.effective_from) as finding
from stage.dme_cba_zip
cross join this_release
where year_quarter <> format('{}0{}', year(this_release.effective_from), quarter(this_release.effective_from))
group by year_quarter, this_release.effective_from
