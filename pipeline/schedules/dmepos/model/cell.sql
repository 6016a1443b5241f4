-- Every cell of the tables of fees. What the file of nutrition does not say of an item is ''.
-- A blank is no fee, as 0.00 is, but where its column has 0.00 for that: then, and where words stand in the
-- place of a fee, the fee of the state is open, and neither its rural nor its other amount is taken for it.
with listed as (
  select
    'dmepos' as file_kind, 'dmepos' as program, hcpcs_code, modifier, modifier2, jurisdiction, category, ceiling, floor, state, is_rural,
    amount, amount_words, description, source_line
  from stage.dmepos
  union all
  select
    'dme_pen' as file_kind, 'pen' as program, hcpcs_code, modifier, modifier2, '' as jurisdiction, '' as category, 0 as ceiling, 0 as floor,
    state, is_rural, amount, amount_words, description, source_line
  from stage.dme_pen
),
open_state as (
  select distinct file_kind, hcpcs_code, modifier, modifier2, state
  from listed
  left join (select distinct file_kind, state, is_rural, true as has_zero from listed where amount = 0) using (file_kind, state, is_rural)
  where amount is null and (amount_words <> '' or has_zero)
)
select listed.* exclude (amount, amount_words), if(open_state.state is null, listed.amount, null) as amount
from listed
left join open_state using (file_kind, hcpcs_code, modifier, modifier2, state)
