-- severity: error above 0.5%
-- The multiple pricing indicator is 9 exactly where the pricing indicator is 00 or 99.
-- source: 14,902 of 14,903 codes of HCPCS19Q1 and HCPCS25Q4; J3290 of HCPCS25Q4 has A beside 00
-- payment: which schedule is asked for a price. Two columns prove one another.
select 'hcpcs' as file_kind, source_line,
  format('{} has the pricing indicator {} and the multiple pricing indicator {}', hcpcs_code, price_1, multiple_pricing_indicator) as finding
from stage.hcpcs
where record_type = '3' and (price_1 in ('00', '99')) <> (multiple_pricing_indicator = '9')
