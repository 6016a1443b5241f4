-- severity: error
-- No rural fee is lower than the other one of its state.
-- source: DMEPOS25Q1: 1,078 of 1,078 fees
-- payment: in rural areas, or in all others, if two columns are exchanged.
select 'dme_pen' as file_kind, rural.source_line,
  format('{}: in {} {} in rural areas and {} elsewhere', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), state, rural.amount::varchar, other.amount::varchar) as finding
from stage.dme_pen as rural
join stage.dme_pen as other using (hcpcs_code, modifier, modifier2, state)
where rural.is_rural and not other.is_rural and rural.amount > 0 and rural.amount < other.amount
