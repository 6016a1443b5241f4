-- severity: error
-- Alaska, Hawaii, Puerto Rico and the Virgin Islands have no rural fees: one fee holds in all of each.
-- source: DMEPOS25Q1: none of 200 cells
-- payment: in those areas, or in a state whose columns they are.
select 'dme_pen' as file_kind, min(source_line) as source_line, format('{} has a rural fee in {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), state) as finding
from stage.dme_pen
where is_rural and amount > 0 and state in ('AK', 'HI', 'PR', 'VI')
group by hcpcs_code, modifier, modifier2, state
