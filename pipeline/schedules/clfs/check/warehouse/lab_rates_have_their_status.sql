-- severity: error
-- A laboratory fee has a rate exactly where it is priced.
-- payment: any; our own rule, which is never open.
select release_id, format('{} {} is {} with the rate {}', hcpcs_code, modifier, price_status, coalesce(rate::varchar, 'NULL')) as finding
from lab_fee
where (price_status = 'priced') <> (rate is not null)
