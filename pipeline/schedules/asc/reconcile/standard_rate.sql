-- The weight that the rate of Addendum FF gives, which has four decimals and is taken for equal within 0.0001,
-- beside the weight of Addendum AA; device-intensive procedures are paid otherwise.
select
  aa.hcpcs_code as record_key,
  'payment_weight' as column_name,
  round(ff.standard_rate * coalesce(published_ratio, derived_ratio), 4)::decimal(10, 4) as computed,
  if(abs(computed - aa.payment_weight) <= 0.0001, aa.payment_weight, computed) as our_value,
  aa.payment_weight as other_value
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
cross join release_ratio
where aa.payment_weight is not null and ff.standard_rate is not null and aa.payment_indicator <> 'J8'
  and coalesce(published_ratio, derived_ratio) is not null
