-- The lines of the touched groups, as they came in.
select line.*, touched.group_number, touched.same_day_class
from claim_line as line
join (
  select candidate_line.line_id, touched_group.group_number, touched_group.same_day_class
  from candidate_line
  join touched_group
    on touched_group.patient_key = candidate_line.patient_key
    and touched_group.provider_key = candidate_line.provider_key
    and touched_group.date_of_service = candidate_line.date_of_service
    and touched_group.is_grouped_by_claim = candidate_line.is_grouped_by_claim
    and touched_group.is_assisting = candidate_line.is_assisting
    and touched_group.same_day_class = candidate_line.same_day_class
) as touched
  on touched.line_id = line.line_id
