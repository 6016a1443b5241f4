-- What the same-day rules make of the lines that they touch: one row per such line. $trace are
-- the columns that only a trace shows.
select
  line_id, pair_charge, same_day_gate, $trace
  case
    when counted_units = 0 then cast(0 as decimal(12, 2))
    else cast(first_unit_amount + later_unit_amount * cast(counted_units - 1 as decimal(4, 0)) as decimal(12, 2))
  end as day_amount
from ruled_line
