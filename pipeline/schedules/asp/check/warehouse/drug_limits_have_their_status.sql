-- severity: error
-- A drug has a limit exactly where it is priced.
-- payment: any; our own rule, which is never open.
select release_id, format('{} is {} with the limit {}', hcpcs_code, price_status, coalesce(payment_limit::varchar, 'NULL')) as finding
from drug_limit
where (price_status = 'priced') <> (payment_limit is not null)
