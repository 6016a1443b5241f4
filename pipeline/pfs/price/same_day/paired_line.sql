-- One side and the other side of one procedure on two lines (PFS_RULES 3.3): the right one
-- carries both, the left one nothing, and the charges of both count together. Each further pair
-- is paired likewise. Where each side is paid in full (indicator 3) nothing is paired.
with sided as (
  select
    touched_amount.*,
    side in ('RT', 'LT') and units = 1 and bilateral_indicator in ('0', '1', '2') as can_pair,
    row_number() over (
      partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component, side
      order by unit_amount desc, claim_id, claim_line_number, line_id
    ) as side_rank,
    sum(case when side = 'RT' and units = 1 then 1 else 0 end) over (
      partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component
    ) as right_count,
    sum(case when side = 'LT' and units = 1 then 1 else 0 end) over (
      partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component
    ) as left_count
  from touched_amount
),
paired as (
  select sided.*, can_pair and side_rank <= least(right_count, left_count) as is_paired from sided
),
factored as (
  select
    paired.*,
    case
      when not is_paired then cast(1 as decimal(6, 4))
      when side = 'RT' then both_sides_factor
      else cast(0 as decimal(6, 4))
    end as pair_factor,
    -- Both charges, where both are known.
    case when is_paired and side = 'RT' then
      min(charge) over (
        partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component, is_paired, side_rank
      ) + max(charge) over (
        partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component, is_paired, side_rank
      )
    end as pair_charge,
    count(charge) over (
      partition by patient_key, provider_key, date_of_service, is_grouped_by_claim, hcpcs_code, component, is_paired, side_rank
    ) as charge_count
  from paired
)
select
  line_id, claim_id, claim_line_number, patient_key, provider_key, date_of_service, is_grouped_by_claim, same_day_class,
  hcpcs_code, component, multiple_procedure_indicator, family_code, is_family_base, whole_later_factor,
  pc_later_factor, tc_later_factor, local_pe, reduced_pe_amount, family_base_amount, is_paired, pair_factor,
  case when charge_count = 2 then cast(pair_charge as decimal(12, 2)) end as pair_charge,
  case when is_paired and side = 'LT' then 0 else counted_units end as counted_units,
  cast(round(unit_amount * pair_factor, 2) as decimal(12, 2)) as procedure_amount,
  cast(round(professional_amount * pair_factor, 2) as decimal(12, 2)) as professional_amount
from factored
