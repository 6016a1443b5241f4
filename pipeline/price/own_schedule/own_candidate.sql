-- The lines whose code a schedule of its own lists.
select claim_line.*
from claim_line
where hcpcs_code in (select hcpcs_code from own_item)
