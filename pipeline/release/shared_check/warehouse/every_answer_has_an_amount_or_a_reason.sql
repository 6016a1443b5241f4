-- severity: error
-- In fee every row has an amount or a reason of fee_reason, and never both.
-- payment: any; our own rule, which is never open.
select release_id,
  format('{} {} in setting {}: amount {} and reason {}', hcpcs_code, modifier, setting, coalesce(amount::varchar, 'NULL'), reason) as finding
from fee_current
where place_kind <> 'mac_locality'
  and ((amount is null) <> (amount_status = 'not_priced')
    or (amount is null) = (reason = '')
    or reason not in (select fee_reason.reason from fee_reason))
