-- The amount that is for the device, as rate times percentage, and as Addendum P has it.
select
  hcpcs_code as record_key,
  'offset_amount' as column_name,
  round(payment_rate * offset_percent * 0.01, 2)::decimal(12, 2) as our_value,
  offset_amount as other_value
from stage.opps_rule_addendum_p
