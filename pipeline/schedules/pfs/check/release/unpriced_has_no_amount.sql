-- severity: error
-- Fees, payments and limiting charges are NULL exactly when price_status is not 'priced'.
-- payment: any; our own rule.
select 'pprrvu' as file_kind, null::integer as source_line,
  format('{} {} is {} and has other amounts than that allows', hcpcs_code, modifier, price_status) as finding
from payment_national
where (price_status = 'priced') <> (nonfacility_fee is not null)
  or (price_status = 'priced') <> (facility_fee is not null)
  or (price_status = 'priced') <> (nonfacility_payment is not null)
  or (price_status = 'priced') <> (facility_payment is not null)
  or (price_status = 'priced') <> (nonfacility_limiting_charge is not null)
  or (price_status = 'priced') <> (facility_limiting_charge is not null)
