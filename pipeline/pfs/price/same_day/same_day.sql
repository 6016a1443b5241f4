-- What the same-day rules make of the lines that they touch: one row per such line.
select
  touched.*,
  case
    when counted_units = 0 then cast(0 as decimal(12, 2))
    else cast(first_unit_amount + later_unit_amount * cast(counted_units - 1 as decimal(4, 0)) as decimal(12, 2))
  end as day_amount
from (
select * from $surgery_line as surgery_line
union all
select * from $component_line as component_line
union all
select * from $therapy_line as therapy_line
union all
select * from $side_line as side_line
union all
select * from $accompanied_line as accompanied_line
) as touched
