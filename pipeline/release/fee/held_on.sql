-- The posting of each schedule that answers for a day of service, as it was known on a day.
select
  schedule, posting_id as release_key, release_id, 'on' as slot, effective_from, effective_to
from release_period
where cast(on_day as date) between effective_from and effective_to
  and cast(known_on as date) between known_from and known_to
