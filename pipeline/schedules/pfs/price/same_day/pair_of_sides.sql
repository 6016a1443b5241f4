-- One side and the other side of one procedure on two lines (pfs-rules 3.3): the right one
-- carries both, the left one nothing, and the charges of both count together: where one is unknown, so is
-- the sum, and nothing limits the pair. Each further pair is paired likewise. Where each side is paid in full
-- (indicator 3) nothing is paired, nor are different parts of a global package. Sides of which different
-- shares are paid (an assistant, 22, another kind of provider) have no share in 150 percent that a document names.
with payable as (
  select * from touched_amount where line_gate = 0 and same_day_class <> ''
),
ranked as (
  select
    payable.*,
    row_number() over (
      partition by group_number, member_key, hcpcs_code, component, global_part, units, side
      order by unit_amount desc, tie_place
    ) as side_rank,
    sum(case when side = 'RT' then 1 else 0 end) over (partition by group_number, member_key, hcpcs_code, component, global_part, units) as right_count,
    sum(case when side = 'LT' then 1 else 0 end) over (partition by group_number, member_key, hcpcs_code, component, global_part, units) as left_count
  from payable
  where side in ('RT', 'LT') and counted_units = 1 and bilateral_indicator in ('0', '1', '2')
),
charged as (
  select
    ranked.*,
    side_rank <= least(right_count, left_count) as is_paired,
    sum(charge) over (partition by group_number, member_key, hcpcs_code, component, global_part, units, side_rank) as known_charge,
    count(charge) over (partition by group_number, member_key, hcpcs_code, component, global_part, units, side_rank) as charge_count,
    min(later_share) over (partition by group_number, member_key, hcpcs_code, component, global_part, units, side_rank) as lower_share,
    max(later_share) over (partition by group_number, member_key, hcpcs_code, component, global_part, units, side_rank) as higher_share,
    sum(case when is_reduced_service then 1 else 0 end) over (partition by group_number, member_key, hcpcs_code, component, global_part, units, side_rank) as reduced_count
  from ranked
),
sided as (
  select
    line_id, is_paired, side = 'LT' and is_paired as is_carried_by_other,
    case when is_paired and (lower_share <> higher_share or reduced_count = 1) then $step_sides_differ else 0 end as sides_gate,
    case
      when not is_paired then cast(1 as decimal(6, 4))
      when side = 'RT' then both_sides_factor
      else cast(0 as decimal(6, 4))
    end as pair_factor,
    case when not is_paired then charge when charge_count = 2 then cast(known_charge as decimal(12, 2)) end as compared_charge
  from charged
)
select
  amount.line_id, amount.claim_id, amount.claim_line_number, amount.group_number, amount.member_key, amount.same_day_class,
  amount.hcpcs_code, amount.component, amount.multiple_procedure_indicator, amount.family_code,
  amount.is_family_base, amount.whole_later_factor, amount.pc_later_factor, amount.tc_later_factor,
  amount.is_reduction_known, amount.local_pe, amount.reduced_pe_amount, amount.tie_place,
  coalesce(sided.sides_gate, 0) as sides_gate,
  case
    when sided.line_id is null then amount.family_base_amount
    else cast(round(amount.family_base_amount * sided.pair_factor, 2) as decimal(12, 2))
  end as family_base_amount,
  coalesce(sided.is_paired, false) as is_paired,
  coalesce(sided.pair_factor, cast(1 as decimal(6, 4))) as pair_factor,
  case when sided.line_id is null then amount.charge else sided.compared_charge end as compared_charge,
  case when sided.is_carried_by_other then 0 else amount.counted_units end as counted_units,
  case
    when sided.line_id is null then amount.unit_amount
    else cast(round(amount.unit_amount * sided.pair_factor, 2) as decimal(12, 2))
  end as procedure_amount,
  case
    when sided.line_id is null then amount.unit_cap
    else cast(round(amount.unit_cap * sided.pair_factor, 2) as decimal(12, 2))
  end as procedure_cap,
  case
    when sided.line_id is null then coalesce(test.professional_amount, amount.professional_amount)
    else cast(round(coalesce(test.professional_amount, amount.professional_amount) * sided.pair_factor, 2) as decimal(12, 2))
  end as professional_amount,
  case
    when sided.line_id is null then test.technical_amount
    else cast(round(test.technical_amount * sided.pair_factor, 2) as decimal(12, 2))
  end as own_technical_amount
from payable as amount
left join sided on sided.line_id = amount.line_id
left join test_part_amount as test on test.line_id = amount.line_id
