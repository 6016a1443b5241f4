-- severity: warning
-- Every former bidding area with ZIP codes has fees, where the release came with their file.
-- source: DMEPOS25Q1: 130 of 130 areas
-- payment: of who lives in such an area, by the fees of the state.
select 'dme_cba_zip' as file_kind, null as source_line, format('{} has ZIP codes and no fees', cba) as finding
from (select distinct cba from stage.dme_cba_zip)
where cba not in (select fee.cba from stage.dme_cba as fee) and exists (from stage.dme_cba)
