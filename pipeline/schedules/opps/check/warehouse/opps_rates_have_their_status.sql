-- severity: error
-- A code has a rate exactly where its price status says that it is priced.
-- payment: any; our own rule, which is never open.
select release_id, format('{} is {} with the rate {}', hcpcs_code, price_status, coalesce(payment_rate::varchar, 'NULL')) as finding
from opps_code
where (price_status in ('priced', 'priced_comprehensive', 'priced_if_not_packaged')) <> (payment_rate is not null)
