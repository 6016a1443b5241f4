-- The few groups in which a same-day rule has something to do: only their lines go through the
-- windows, which cost far more than all the rest.
select patient_key, provider_key, date_of_service, is_grouped_by_claim, same_day_class
from $candidate_line as candidate_line
where same_day_class <> ''
group by patient_key, provider_key, date_of_service, is_grouped_by_claim, same_day_class
having count(*) > 1 or sum(units) > 1
