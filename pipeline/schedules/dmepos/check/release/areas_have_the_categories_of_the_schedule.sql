-- severity: error above 0.5%
-- An item has the same category in former bidding areas as in the schedule.
-- source: DMEPOS25Q1: 585 of 585 items that both list
-- payment: none by itself; it proves which item a line is of.
select 'dme_cba' as file_kind, min(area.source_line) as source_line,
  format('{} is of category {} here and {} in the schedule', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), area.category, item.category) as finding
from stage.dme_cba as area
join (select distinct hcpcs_code, modifier, modifier2, category from stage.dmepos) as item using (hcpcs_code, modifier, modifier2)
where area.category <> item.category
group by hcpcs_code, modifier, modifier2, area.category, item.category
