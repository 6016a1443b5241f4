-- The lines of the touched groups, as they came in.
select candidate_line.*
from $candidate_line as candidate_line
join touched_group
  on touched_group.patient_key = candidate_line.patient_key
  and touched_group.provider_key = candidate_line.provider_key
  and touched_group.date_of_service = candidate_line.date_of_service
  and touched_group.is_grouped_by_claim = candidate_line.is_grouped_by_claim
  and touched_group.same_day_class = candidate_line.same_day_class
