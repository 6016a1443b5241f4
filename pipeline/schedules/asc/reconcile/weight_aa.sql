-- Weight times factor, rounded half up to cents, beside the rate of Addendum AA.
select
  hcpcs_code as record_key,
  'payment_rate' as column_name,
  round(payment_weight * derived_factor, 2) as our_value,
  payment_rate as other_value
from stage.asc_aa
cross join release_factor
where payment_weight is not null and payment_rate is not null
