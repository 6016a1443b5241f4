-- severity: error
-- Every fee of a state is that of an item.
-- payment: any; our own rule, which is never open.
select distinct release_id, format('{} has fees and is no item', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, ''))) as finding
from dme_fee
anti join dme_item using (release_id, hcpcs_code, modifier, modifier2)
