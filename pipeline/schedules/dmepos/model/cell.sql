-- Every cell of the tables of fees. What the file of nutrition does not say of an item is ''.
select
  'dmepos' as file_kind, 'dmepos' as program, hcpcs_code, modifier, modifier2, jurisdiction, category, ceiling, floor, state, is_rural,
  amount, description, source_line
from stage.dmepos
union all
select
  'dme_pen' as file_kind, 'pen' as program, hcpcs_code, modifier, modifier2, '' as jurisdiction, '' as category, 0 as ceiling, 0 as floor,
  state, is_rural, amount, description, source_line
from stage.dme_pen
