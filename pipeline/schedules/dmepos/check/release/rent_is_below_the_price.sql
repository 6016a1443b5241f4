-- severity: error above 0.5%
-- A month of rent (RR) costs no more than the new item (NU) with the same second modifier in the same place.
-- source: DMEPOS25Q1: 36,650 of 36,650 fees
-- payment: of rent and purchase, if amounts are those of other items.
select 'dmepos' as file_kind, rented.source_line,
  format('{} {}: in {} rent of {} and a price of {}', hcpcs_code, modifier2, state, rented.amount::varchar, bought.amount::varchar) as finding
from stage.dmepos as rented
join stage.dmepos as bought using (hcpcs_code, modifier2, state, is_rural)
where rented.modifier = 'RR' and bought.modifier = 'NU' and bought.amount > 0 and rented.amount > bought.amount
