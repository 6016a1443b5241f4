-- The codes of Addendum E, and those of Addendum B with status indicator C.
select
  coalesce(listed.hcpcs_code, codes.hcpcs_code) as record_key,
  'status_indicator' as column_name,
  codes.status_indicator as our_value,
  listed.status_indicator as other_value
from stage.opps_rule_addendum_e as listed
full join (from stage.addendum_b where status_indicator = 'C') as codes using (hcpcs_code)
