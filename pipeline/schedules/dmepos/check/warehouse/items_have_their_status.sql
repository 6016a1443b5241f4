-- severity: error
-- An item has a national fee exactly where it is priced, and fees of states exactly where one is published.
-- payment: any; our own rule, which is never open.
select item.release_id, format('{} is {} and has {} fees', concat_ws('-', item.hcpcs_code, nullif(item.modifier, ''), nullif(item.modifier2, '')), item.price_status, count(fee.amount)) as finding
from dme_item as item
left join dme_fee as fee using (release_id, hcpcs_code, modifier, modifier2)
group by item.release_id, item.hcpcs_code, item.modifier, item.modifier2, item.price_status, item.national_amount
having (item.price_status = 'priced') <> (item.national_amount is not null) or (item.price_status = 'no_fee_published') <> (count(fee.amount) = 0)
