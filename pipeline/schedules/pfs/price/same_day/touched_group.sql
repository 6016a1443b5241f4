-- The few groups in which a same-day rule may have something to do: only their lines go through
-- the windows, which cost far more than all the rest. The first line of a group is its number.
select patient_key, group_key, date_of_service, min(line_id) as group_number
from candidate_line
group by patient_key, group_key, date_of_service
having count(*) > 1 or max(units) > 1
