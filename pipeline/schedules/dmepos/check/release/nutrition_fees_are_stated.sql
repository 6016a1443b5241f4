-- severity: error above 0.5%
-- Every fee is a number; one that a state does not have is 0.00, or in all of its column blank.
-- source: DMEPOS25Q1: no cell is blank
-- payment: none in the state of such a cell.
select 'dme_pen' as file_kind, source_line,
  format('{}: no number in the place of {} fees, {} in {} for one', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), count(*), min(if(amount_words = '', 'nothing', amount_words)), min(state)) as finding
from stage.dme_pen
left join (select distinct state, is_rural, true as has_zero from stage.dme_pen where amount = 0) using (state, is_rural)
where amount is null and (amount_words <> '' or has_zero)
group by source_line, hcpcs_code, modifier, modifier2
