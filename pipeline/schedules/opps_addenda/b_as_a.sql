-- Weight and rate of each code that has an APC, as the file has them, and as Addendum A has them.
select
  codes.hcpcs_code as record_key,
  unnest(['relative_weight', 'payment_rate']) as column_name,
  unnest([codes.relative_weight::decimal(14, 4), codes.payment_rate::decimal(14, 4)]) as our_value,
  unnest([apcs.relative_weight::decimal(14, 4), apcs.payment_rate::decimal(14, 4)]) as other_value
from stage.addendum_b as codes
join stage.addendum_a as apcs using (apc)
where codes.payment_rate is not null
