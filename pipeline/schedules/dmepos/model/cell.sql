-- Every cell of the tables of fees: stage.dme_cell. What the file of nutrition does not say of an item is ''.
-- A blank is no fee, as 0.00 is, but where its column has 0.00 for that: then, and where words stand in the place
-- of a fee, it is not stated. The fee of the state is open, and neither its rural nor its other amount is taken for it.
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
judged as (
  select
    listed.*,
    amount is null and (amount_words <> '' or bool_or(coalesce(amount, -1) = 0) over (partition by file_kind, state, is_rural)) as is_not_stated
  from listed
)
select
  judged.* exclude (amount),
  if(bool_or(is_not_stated) over (partition by file_kind, hcpcs_code, modifier, modifier2, state), null, amount) as amount
from judged
