-- The rate of each weight as the factor of the release gives it, and as the file has it.
select
  hcpcs_code as record_key,
  'payment_rate' as column_name,
  round(relative_weight * derived_factor, 2)::decimal(12, 3) as our_value,
  payment_rate as other_value
from stage.addendum_b
cross join schedule_factor
where relative_weight is not null and payment_rate is not null
