-- The device portion in full and the rest of the rate of Addendum FF scaled like any other, beside the rate of a
-- device-intensive procedure: taken for equal within two cents.
select
  aa.hcpcs_code as record_key,
  'payment_rate' as column_name,
  round(
    ff.device_amount + (ff.standard_rate - ff.device_amount) * coalesce(published_ratio, derived_ratio) * derived_factor, 2
  )::decimal(10, 2) as computed,
  if(abs(computed - aa.payment_rate) <= 0.02, aa.payment_rate, computed) as our_value,
  aa.payment_rate as other_value
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
cross join release_ratio
cross join release_factor
where aa.payment_indicator = 'J8' and coalesce(published_ratio, derived_ratio) is not null
