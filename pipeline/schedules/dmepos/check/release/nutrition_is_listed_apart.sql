-- severity: error
-- No item is both of the schedule and of that of nutrition: code and modifiers tell them apart.
-- source: DMEPOS25Q1: 3,487 and 50 items; E0776 is in both, with BA or KE for nutrition
-- payment: which of two fees counts.
select 'dme_pen' as file_kind, min(pen.source_line) as source_line, format('{} stands in the schedule of equipment, too', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, ''))) as finding
from stage.dme_pen as pen
join (select distinct hcpcs_code, modifier, modifier2 from stage.dmepos) as item using (hcpcs_code, modifier, modifier2)
group by hcpcs_code, modifier, modifier2
