-- severity: error above 0.5%
-- Every fee is a number; one that a state does not have is 0.00, or in all of its column blank.
-- source: DMEPOS25Q1: no cell is blank
-- payment: none in the state of such a cell.
select file_kind, source_line,
  format('{}: no number in the place of {} fees, {} in {} for one', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), count(*), min(if(amount_words = '', 'nothing', amount_words)), min(state)) as finding
from stage.dme_cell
where is_not_stated
group by file_kind, source_line, hcpcs_code, modifier, modifier2
