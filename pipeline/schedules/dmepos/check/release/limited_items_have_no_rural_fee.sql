-- severity: error above 0.5%
-- An item with a ceiling has no rural fee: ceilings are for fees that are not adjusted by competitive bidding.
-- source: DMEPOS25Q1: none of 2,207 items with a ceiling, and 1,098 items with rural fees
-- payment: in rural areas, if their columns are others.
select 'dmepos' as file_kind, min(source_line) as source_line, format('{} has a ceiling and rural fees', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, ''))) as finding
from stage.dmepos
where ceiling > 0 and is_rural and amount > 0
group by hcpcs_code, modifier, modifier2
