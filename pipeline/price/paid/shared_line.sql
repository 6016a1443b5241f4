-- Each line with the share that the patient has of what is left after the deductible, and whether the
-- deductible is asked of it at all: where its kind does not say so, both are those of the schedule which pays, or the usual ones.
select
  line.*, paid_kind.sequestration_factor, paid_kind.deductible, paid_kind.deductible_from,
  case
    -- A screening that became a diagnosis makes no laboratory test or vaccine cost the patient something.
    when line.own_share_percent = 0 then cast(0 as decimal(6, 5))
    when paid_kind.kind_share is not null then paid_kind.kind_share
    when line.own_share_percent is not null then cast(line.own_share_percent * cast(0.01 as decimal(6, 5)) as decimal(6, 5))
    else $usual_share
  end as patient_share,
  -- What costs the patient nothing by its schedule, as a laboratory test does, has no deductible either.
  coalesce(paid_kind.kind_has_deductible, line.own_share_percent > 0, true) as has_deductible,
  line.own_schedule is null and line.assistant_factor <> 1 as is_assisted
from $allowed_line as line
join paid_kind on paid_kind.kind_number = line.kind_number
