-- The payment indicator of Addendum AA beside that of Addendum FF.
select
  aa.hcpcs_code as record_key,
  'payment_indicator' as column_name,
  aa.payment_indicator as our_value,
  ff.payment_indicator as other_value
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
