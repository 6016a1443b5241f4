-- severity: error above 0.5%
-- Weight and rate of each APC are those that Addendum B gives the first of its codes.
-- source: all APCs of OPPS25FR that a code with a rate has; 6,635 of 6,635 codes
-- payment: of codes or titles of other quarters; Addendum A is left unread, because the factor proves Addendum B.
with first_code as (
  select apc, arg_min(hcpcs_code, source_line) as hcpcs_code, arg_min({'weight': relative_weight, 'rate': payment_rate}, source_line) as of_code
  from stage.addendum_b
  where apc <> '' and payment_rate is not null
  group by apc
)
select apcs.file_kind, apcs.source_line,
  format(
    'APC {} has the weight {} and the rate {}, and {} of it {} and {} in Addendum B',
    apc, coalesce(relative_weight::varchar, 'none'), coalesce(payment_rate::varchar, 'none'),
    hcpcs_code, coalesce(of_code.weight::varchar, 'none'), of_code.rate
  ) as finding
from stage.addendum_a as apcs
join first_code using (apc)
where {'weight': relative_weight, 'rate': payment_rate} is distinct from of_code
