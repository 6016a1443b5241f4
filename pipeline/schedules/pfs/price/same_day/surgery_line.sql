-- Multiple procedures (indicators 2 and 3): each endoscopic family first, then families and
-- single procedures ranked together by amount. Equal amounts are ranked by code, so that the order of
-- the input decides nothing.
with member as (
  select
    pair_of_sides.*,
    -- The frame is the whole family; the order is that of the other window, for one sort will do.
    family_code <> '' and max(case when multiple_procedure_indicator = '3' then 1 else 0 end) over (
      partition by group_number, member_key, family_code
      order by case when is_family_base then 1 else 0 end, procedure_amount desc, hcpcs_code, component, tie_place
      rows between unbounded preceding and unbounded following
    ) = 1 as is_in_family,
    coalesce(sum(case when is_family_base then 0 else counted_units end) over (
      partition by group_number, member_key, family_code
      order by case when is_family_base then 1 else 0 end, procedure_amount desc, hcpcs_code, component, tie_place
      rows between unbounded preceding and 1 preceding
    ), 0) as endoscopies_before
  from pair_of_sides
  where same_day_class in ($ranked_by_whole)
),
valued as (
  select
    member.*,
    is_in_family and is_family_base as is_contained,
    case
      when is_in_family and is_family_base then cast(0 as decimal(12, 2))
      when is_in_family and endoscopies_before > 0 then cast(greatest(procedure_amount - family_base_amount, cast(0 as decimal(12, 2))) as decimal(12, 2))
      else procedure_amount
    end as first_value,
    case
      when is_in_family and is_family_base then cast(0 as decimal(12, 2))
      when is_in_family then cast(greatest(procedure_amount - family_base_amount, cast(0 as decimal(12, 2))) as decimal(12, 2))
      else procedure_amount
    end as later_value
  from member
),
weighed as (
  select
    valued.*,
    case when is_in_family then family_code else hcpcs_code end as entity_code,
    case when is_in_family then '' else component end as entity_component,
    case when is_in_family then 0 else tie_place end as entity_place,
    case when is_in_family then 1 else counted_units end as entity_units,
    case
      when not is_in_family then counted_units
      when not is_contained and endoscopies_before = 0 and counted_units > 0 then 1
      else 0
    end as ranked_units,
    case
      when is_in_family then sum(case when counted_units = 0 then 0 else first_value + (counted_units - 1) * later_value end) over (
        partition by group_number, member_key, is_in_family, family_code
      )
      else procedure_amount
    end as entity_amount
  from valued
),
ranked as (
  select
    weighed.*,
    -- Rows that are equal in all of this order are one family: the default frame has them all.
    sum(ranked_units) over (
      partition by group_number, member_key
      order by entity_amount desc, entity_code, entity_component, entity_place
    ) - entity_units as procedures_before
  from weighed
)
select
  line_id, is_paired, pair_factor, compared_charge, counted_units, procedure_amount,
  case
    when is_contained then 'endoscopy_base'
    when is_in_family and endoscopies_before > 0 then 'endoscopy_family'
    when counted_units > 0 and procedures_before + counted_units > 1 then 'multiple_surgery'
    else ''
  end as same_day_rule,
  case when is_in_family and not is_contained then cast(procedure_amount - first_value as decimal(12, 2)) end as family_deduction,
  cast(procedures_before as integer) as units_before,
  whole_later_factor as later_factor,
  cast(null as decimal(12, 2)) as technical_amount,
  cast(null as decimal(12, 2)) as professional_amount,
  cast(null as integer) as professional_units_before,
  cast(null as decimal(6, 4)) as professional_later_factor,
  case
    when procedures_before > 0 then cast(round(first_value * whole_later_factor, 2) as decimal(12, 2))
    else first_value
  end as first_unit_amount,
  case
    when is_in_family and procedures_before = 0 then later_value
    else cast(round(later_value * whole_later_factor, 2) as decimal(12, 2))
  end as later_unit_amount,
  procedure_cap as first_unit_cap,
  procedure_cap as later_unit_cap,
  case
    when sides_gate > 0 then sides_gate
    when counted_units > 0 and not is_contained and procedures_before + entity_units > 5 then $step_sixth_procedure
    when counted_units > 0 and procedures_before + counted_units > 1 and not is_reduction_known then $step_reduction_unknown
    else 0
  end as same_day_gate
from ranked
