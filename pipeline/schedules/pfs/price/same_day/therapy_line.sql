-- Therapy (indicator 5): the unit with the highest practice expense is paid in full, every other
-- unit of the day with half of it, by the RVU formula with its one rounding.
with ranked as (
  select
    pair_of_sides.*,
    coalesce(sum(counted_units) over (
      partition by group_number, member_key
      order by local_pe desc, hcpcs_code, component, tie_place
      rows between unbounded preceding and 1 preceding
    ), 0) as units_before
  from pair_of_sides
  where same_day_class in ($ranked_by_pe)
)
select
  line_id, is_paired, pair_factor, compared_charge, counted_units, procedure_amount,
  case when units_before + counted_units > 1 then same_day_class else '' end as same_day_rule,
  cast(null as decimal(12, 2)) as family_deduction,
  cast(units_before as integer) as units_before,
  cast(null as decimal(6, 4)) as later_factor,
  cast(null as decimal(12, 2)) as technical_amount,
  cast(null as decimal(12, 2)) as professional_amount,
  cast(null as integer) as professional_units_before,
  cast(null as decimal(6, 4)) as professional_later_factor,
  case when units_before = 0 then procedure_amount else reduced_pe_amount end as first_unit_amount,
  reduced_pe_amount as later_unit_amount,
  procedure_cap as first_unit_cap,
  procedure_cap as later_unit_cap,
  case
    when sides_gate > 0 then sides_gate
    when units_before + counted_units > 1 and not is_reduction_known then $step_reduction_unknown
    else 0
  end as same_day_gate
from ranked
