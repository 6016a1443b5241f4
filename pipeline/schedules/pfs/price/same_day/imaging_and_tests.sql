-- Imaging, cardiovascular and eye tests (indicators 4, 6, 7): the technical parts of a day are
-- ranked, and for imaging the professional parts by themselves. The technical part is what the
-- professional one leaves of the amount, so that no cent is lost between them; or it has codes of its own. Services are ranked
-- by the fee; the OPPS amount caps the technical part after its reduction, so the cap of a whole
-- falls by what its professional part is reduced by.
with parted as (
  select
    pair_of_sides.*,
    coalesce(own_technical_amount, procedure_amount - professional_amount) as technical_amount,
    case when procedure_amount > professional_amount then counted_units else 0 end as technical_units,
    case when professional_amount > 0 then counted_units else 0 end as professional_units
  from pair_of_sides
  where same_day_class in ($ranked_by_parts)
),
ranked as (
  select
    parted.*,
    -- The frame is the whole day; the order is that of the next window, for one sort will do.
    sum(counted_units) over (
      partition by group_number, member_key
      order by technical_amount desc nulls last, hcpcs_code, component, tie_place
      rows between unbounded preceding and unbounded following
    ) as units_of_day,
    coalesce(sum(technical_units) over (
      partition by group_number, member_key
      order by technical_amount desc nulls last, hcpcs_code, component, tie_place
      rows between unbounded preceding and 1 preceding
    ), 0) as technical_units_before,
    coalesce(sum(professional_units) over (
      partition by group_number, member_key
      order by professional_amount desc nulls last, hcpcs_code, component, tie_place
      rows between unbounded preceding and 1 preceding
    ), 0) as professional_units_before
  from parted
),
reduced as (
  select
    ranked.*,
    cast(round(technical_amount * tc_later_factor, 2) as decimal(12, 2)) as technical_later,
    cast(round(professional_amount * coalesce(pc_later_factor, cast(1 as decimal(6, 4))), 2) as decimal(12, 2)) as professional_later,
    technical_units > 0 and technical_units_before + counted_units > 1 as is_technical_reduced
  from ranked
)
select
  line_id, is_paired, pair_factor, compared_charge, counted_units, procedure_amount,
  case
    when professional_amount is null then ''
    when is_technical_reduced
      or (pc_later_factor is not null and professional_units > 0 and professional_units_before + counted_units > 1)
      then same_day_class
    else ''
  end as same_day_rule,
  cast(null as decimal(12, 2)) as family_deduction,
  cast(technical_units_before as integer) as units_before,
  tc_later_factor as later_factor,
  cast(technical_amount as decimal(12, 2)) as technical_amount,
  professional_amount,
  cast(professional_units_before as integer) as professional_units_before,
  pc_later_factor as professional_later_factor,
  -- A service that stands alone needs no parts, and what is not reduced is the whole.
  case when professional_amount is null or technical_units_before = 0 and (professional_units_before = 0 or pc_later_factor is null) then procedure_amount else cast(case when technical_units_before = 0 then technical_amount else technical_later end
    + case when professional_units_before = 0 then professional_amount else professional_later end as decimal(12, 2)) end as first_unit_amount,
  case when professional_amount is null then procedure_amount else cast(technical_later + professional_later as decimal(12, 2)) end as later_unit_amount,
  cast(case
    when professional_units_before > 0 then procedure_cap - professional_amount + professional_later
    else procedure_cap
  end as decimal(12, 2)) as first_unit_cap,
  cast(case
    when professional_amount is null then procedure_cap
    else procedure_cap - professional_amount + professional_later
  end as decimal(12, 2)) as later_unit_cap,
  case
    when sides_gate > 0 then sides_gate
    when professional_amount is null and units_of_day > 1 then $step_technical_part_unknown
    when is_technical_reduced and not is_reduction_known then $step_reduction_unknown
    else 0
  end as same_day_gate
from reduced
