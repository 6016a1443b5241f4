-- What of the deductible each of these lines takes, in their order, until nothing of it is left: of each $group
-- what is $owed.
with opened as (
  select
    line_id, claim_id, claim_line_number, date_of_service, $group as group_key, $owed as owed_by_line,
    case
      when allowed_amount is null or not has_deductible then cast(0 as decimal(12, 2))
      when is_assisted then amount_before_assistant
      else allowed_amount
    end as open_amount
  from $shared_line as shared_line
),
summed as (
  select
    opened.line_id, opened.open_amount,
    -- One that stands on several lines is one; where they differ it is the highest.
    coalesce(max(owed_by_line) over (partition by group_key), cast(0 as decimal(12, 2))) as owed,
    sum(open_amount) over (
      partition by group_key order by date_of_service, claim_id, claim_line_number, line_id
      rows between unbounded preceding and current row
    ) as open_to_here
  from opened
)
select
  line_id,
  cast(least(owed, open_to_here) - least(owed, open_to_here - open_amount) as decimal(12, 2)) as deductible_amount
from summed
