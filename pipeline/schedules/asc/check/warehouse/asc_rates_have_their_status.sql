-- severity: error
-- A fee of a surgical center has a rate exactly where it is priced.
-- payment: any; our own rule, which is never open.
select release_id, format('{} is {} with the rate {}', hcpcs_code, price_status, coalesce(payment_rate::varchar, 'NULL')) as finding
from asc_fee
where (price_status = 'priced') <> (payment_rate is not null)
