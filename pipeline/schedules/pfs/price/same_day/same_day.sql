-- What the same-day rules make of the lines that they touch: one row per such line. The OPPS amount
-- caps what is left after every reduction. $trace are the columns that only a trace shows, $day_rules the
-- rules that decided.
with capped as (
  select
    ruled_line.*,
    least(first_unit_amount, first_unit_cap) as amount_after_opps_cap,
    least(later_unit_amount, later_unit_cap) as later_amount_after_opps_cap
  from ruled_line
)
select
  line_id, compared_charge, same_day_gate, amount_after_opps_cap, first_unit_amount as amount_before_opps_cap, $trace
  $day_rules as day_rules, $day_number as day_number,
  $is_day_provisional as is_day_provisional,
  case
    when counted_units = 0 then cast(0 as decimal(12, 2))
    else cast(amount_after_opps_cap + later_amount_after_opps_cap * cast(counted_units - 1 as decimal(4, 0)) as decimal(12, 2))
  end as day_amount
from capped
