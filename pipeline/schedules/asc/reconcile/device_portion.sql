-- The share of devices times the rate of Addendum FF, whose percentage is rounded to two decimals, beside the
-- device portion: taken for equal within what the rounding hides.
select
  hcpcs_code as record_key,
  'device_amount' as column_name,
  round(standard_rate * device_offset_percent / 100, 2)::decimal(10, 2) as computed,
  if(abs(computed - device_amount) <= 0.01 + 0.00005 * standard_rate, device_amount, computed) as our_value,
  device_amount as other_value
from stage.asc_ff
where payment_indicator = 'J8'
