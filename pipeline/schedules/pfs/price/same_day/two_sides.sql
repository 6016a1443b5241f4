-- The two sides of one procedure on two lines, where no other same-day rule applies.
select
  line_id, is_paired, pair_factor, compared_charge, counted_units, procedure_amount,
  '' as same_day_rule,
  cast(null as decimal(12, 2)) as family_deduction,
  0 as units_before,
  cast(null as decimal(6, 4)) as later_factor,
  cast(null as decimal(12, 2)) as technical_amount,
  cast(null as decimal(12, 2)) as professional_amount,
  cast(null as integer) as professional_units_before,
  cast(null as decimal(6, 4)) as professional_later_factor,
  procedure_amount as first_unit_amount,
  procedure_amount as later_unit_amount,
  procedure_cap as first_unit_cap,
  procedure_cap as later_unit_cap,
  sides_gate as same_day_gate
from pair_of_sides
where same_day_class = 'side'
