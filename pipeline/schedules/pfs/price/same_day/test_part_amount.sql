-- The two parts of a test that stands for the whole only (PC/TC indicator 4), where the codes of its
-- parts add up to it in every value: each code as if it were billed by itself, rounded by itself.
with part as (
  select
    amount.line_id, amount.work_rvu as whole_work_rvu, amount.pe_rvu as whole_pe_rvu, amount.mp_rvu as whole_mp_rvu,
    test.part, own.work_rvu, own.pe_rvu, own.mp_rvu,
    $part_amount as part_amount
  from touched_amount as amount
  join global_test_part as test on test.hcpcs_code = amount.hcpcs_code
  join setting_basis as own
    on own.release_number = amount.release_number and own.hcpcs_code = test.part_code and own.component_number = 0
    and own.is_facility = amount.is_facility
    and own.national_price_status = 'priced'
  where amount.same_day_class in ($ranked_by_parts)
)
select
  line_id,
  cast(sum(case when part = 'pc' then part_amount else 0 end) as decimal(12, 2)) as professional_amount,
  cast(sum(case when part = 'tc' then part_amount else 0 end) as decimal(12, 2)) as technical_amount
from part
group by line_id
having sum(work_rvu) = max(whole_work_rvu) and sum(pe_rvu) = max(whole_pe_rvu) and sum(mp_rvu) = max(whole_mp_rvu)
