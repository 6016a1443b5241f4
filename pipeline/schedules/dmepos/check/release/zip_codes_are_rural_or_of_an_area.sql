-- severity: error
-- No ZIP code is rural and of a former bidding area.
-- source: DMEPOS25Q1: none of 15,913 and 16,119
-- payment: of who lives there.
select 'dme_cba_zip' as file_kind, area.source_line, format('{} is of {} and rural as well', zip_code, area.cba) as finding
from stage.dme_cba_zip as area
join stage.dme_rural_zip as rural using (zip_code)
