-- What the fees of each item are over the states: one for all, or from the lowest to the highest.
-- An amount of 0.00 is no fee. The rural fee of an item without any is no gap.
select
  program, hcpcs_code, modifier, modifier2,
  any_value(jurisdiction) as jurisdiction,
  any_value(category) as category,
  nullif(max(ceiling), 0) as ceiling,
  nullif(max(floor), 0) as floor,
  any_value(description) as description,
  any_value(file_kind) as file_kind,
  min(source_line) as source_line,
  bool_or(is_rural and amount > 0) as has_rural,
  min(amount) filter (amount > 0) as lowest_amount,
  max(amount) filter (amount > 0) as highest_amount,
  bool_and(coalesce(amount, 0) > 0) filter (not is_rural) as is_everywhere
from stage.dme_cell
group by program, hcpcs_code, modifier, modifier2
