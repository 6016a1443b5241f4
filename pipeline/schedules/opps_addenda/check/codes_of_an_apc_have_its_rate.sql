-- severity: error above 0.5%
-- All codes of an APC have one weight and one rate.
-- source: all APCs of OPPS25FR, OPPS25Q1 and OPPS25Q3
-- payment: of the codes that the APC column has slipped from.
select file_kind, source_line,
  format('{}: APC {} has the weight {} and the rate {} here, and {} and {} in more rows', hcpcs_code, apc, coalesce(relative_weight::varchar, 'none'), payment_rate::varchar, coalesce(usual.weight::varchar, 'none'), usual.rate::varchar) as finding
from stage.addendum_b
join (
  select apc, mode({'weight': relative_weight, 'rate': payment_rate}) as usual
  from stage.addendum_b
  where apc <> '' and payment_rate is not null
  group by apc
) using (apc)
where payment_rate is not null and {'weight': relative_weight, 'rate': payment_rate} is distinct from usual
