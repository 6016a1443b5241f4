-- The amount of one unit before anything else on the same day counts: the fee, at most the OPPS
-- amount, and the factors of this phase in the order of pricing_rule.step ($unit_factors).
select
  fee_line.*,
  case
    when is_anesthesia then cast(round((counted_base_units + time_units) * anesthesia_conversion_factor, 2) as decimal(12, 2))
    else rvu_fee
  end as fee,
  case
    when is_anesthesia then cast(round((counted_base_units + time_units) * anesthesia_conversion_factor, 2) as decimal(12, 2))
    else least(rvu_fee, opps_amount)
  end as amount_after_opps_cap,
  case
    when global_part = '54' then cast(preoperative_share + intraoperative_share as decimal(6, 4))
    when global_part = '55' then cast(postoperative_share as decimal(6, 4))
    when global_part = '56' then cast(preoperative_share as decimal(6, 4))
    when global_part = '78' and intraoperative_share > 0 then cast(intraoperative_share as decimal(6, 4))
    else cast(1 as decimal(6, 4))
  end as split_factor,
  case
    when side = 'both' then both_sides_factor
    when side = '' and units = 2 and bilateral_indicator in ('1', '2') then both_sides_factor
    else cast(1 as decimal(6, 4))
  end as bilateral_factor,
  case when side = '' and units = 2 and bilateral_indicator in ('1', '2') then 1 when units between 1 and 9999 then units else 0 end as counted_units,
  $unit_factors
from $fee_line as fee_line
