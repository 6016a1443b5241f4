-- The codes with a global period in a release in use.
select distinct hcpcs_code
from price_basis
where component = '' and global_days in ('000', '010', '090') and national_price_status in ('priced', 'carrier_priced')
