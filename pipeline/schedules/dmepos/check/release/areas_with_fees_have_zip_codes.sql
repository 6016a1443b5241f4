-- severity: error
-- Every former bidding area with fees has ZIP codes, where the release came with their file.
-- source: DMEPOS25Q1: 130 of 130 areas
-- payment: of who lives in an area whose fees nothing leads to.
select 'dme_cba' as file_kind, null as source_line, format('{} has fees and no ZIP code', cba) as finding
from (select distinct cba from stage.dme_cba)
where cba not in (select area.cba from stage.dme_cba_zip as area) and exists (from stage.dme_cba_zip)
