-- The few groups in which a same-day rule has something to do: only their lines go through the
-- windows, which cost far more than all the rest. The first line of a group is its number.
select
  patient_key, provider_key, date_of_service, is_grouped_by_claim, is_assisting, same_day_class,
  min(line_id) as group_number
from candidate_line
where same_day_class <> 'lone'
group by patient_key, provider_key, date_of_service, is_grouped_by_claim, is_assisting, same_day_class
having count(*) > 1 or max(units) > 1
