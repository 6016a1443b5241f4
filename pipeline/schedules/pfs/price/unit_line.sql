-- The amount of one unit before anything else on the same day counts: the fee with the factors of
-- this phase in the order of pricing_rule.step ($unit_factors), and the OPPS amount with the same
-- factors ($unit_cap), which caps it in the end. Poor equipment reduces the technical part of both. What is used more than once is a column of an
-- inner SELECT, for an alias would be computed again at each use.
with unfactored as (
  select
    fee_line.*,
    case
      when is_anesthesia then cast(round((counted_base_units + time_units) * anesthesia_conversion_factor, 2) as decimal(12, 2))
      else rvu_fee
    end as fee
  from $fee_line as fee_line
),
factored as (
  select unfactored.*, $unit_factors, $unit_cap as cap_of_sides
  from unfactored
),
parted as (
  -- What is no technical part is left alone.
  select
    factored.*,
    case
      when equipment_factor = 1 then null
      when component = '' and pctc_indicator = '1' then $professional_amount
      else cast(0 as decimal(12, 2))
    end as spared_amount
  from factored
),
equipped as (
  select
    parted.*,
    case
      when equipment_factor = 1 then amount_of_sides
      else cast(spared_amount + round((amount_of_sides - spared_amount) * equipment_factor, 2) as decimal(12, 2))
    end as unit_amount,
    case
      when equipment_factor = 1 then cap_of_sides
      else cast(spared_amount + round((cap_of_sides - spared_amount) * equipment_factor, 2) as decimal(12, 2))
    end as unit_cap
  from parted
)
select equipped.*, least(unit_amount, unit_cap) as capped_unit_amount
from equipped
