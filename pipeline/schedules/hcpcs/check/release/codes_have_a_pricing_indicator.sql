-- severity: error above 0.5%
-- Every code has a pricing indicator and modifiers have none; a further one stands only behind another.
-- source: 14,902 of 14,903 codes and 743 of 743 modifiers of HCPCS19Q1 and HCPCS25Q4; C9248 of HCPCS25Q4 has 53 and, as its third, 11
-- payment: which schedule is asked for a price.
select 'hcpcs' as file_kind, source_line,
  format('{} of kind {} has the pricing indicators "{}", "{}", "{}" and "{}"', hcpcs_code, record_type, price_1, price_2, price_3, price_4) as finding
from stage.hcpcs
where (record_type = '3') <> (price_1 <> '')
  or (price_1 = '' and price_2 <> '') or (price_2 = '' and price_3 <> '') or (price_3 = '' and price_4 <> '')
