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
    end as fee,
    case
      when global_part = '54' then cast(preoperative_share + intraoperative_share as decimal(6, 4))
      when global_part = '55' then cast(postoperative_share as decimal(6, 4))
      when global_part = '78' and intraoperative_share > 0 then cast(intraoperative_share as decimal(6, 4))
      else cast(1 as decimal(6, 4))
    end as split_factor,
    -- A ninetieth has so many decimals, and is rounded up, so that half a cent is one: the product
    -- is then right to the cent for every fee below a million dollars.
    case
      when global_part = '55' and units between 2 and 90 and global_days = '090' then
        cast(cast(units as decimal(4, 0)) * cast(0.0111111111112 as decimal(14, 13)) as decimal(17, 13))
      when global_part = '55' and units between 2 and 10 and global_days = '010' then
        cast(cast(units as decimal(4, 0)) * cast(0.1 as decimal(14, 13)) as decimal(17, 13))
      else cast(1 as decimal(17, 13))
    end as days_factor,
    case
      when side = 'both' then both_sides_factor
      when side = '' and units = 2 and bilateral_indicator in ('1', '2') and global_part <> '55' then both_sides_factor
      else cast(1 as decimal(6, 4))
    end as bilateral_factor,
    case
      when global_part = '55' or side = '' and units = 2 and bilateral_indicator in ('1', '2') then 1
      when units between 1 and 9999 then units
      else 0
    end as counted_units
  from $fee_line as fee_line
),
factored as (
  select
    unfactored.*, $unit_factors, $unit_cap as cap_of_sides,
    case
      when equipment = '' or component = '26' then cast(1 as decimal(6, 4))
      when pctc_indicator not in ('1', '3') or component = '' and pctc_indicator = '1' and pc_work_rvu is null then cast(1 as decimal(6, 4))
      else $equipment_factor
    end as equipment_factor
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
