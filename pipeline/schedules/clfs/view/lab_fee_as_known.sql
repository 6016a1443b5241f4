-- of: lab_fee
-- adds: posting_id, known_from, known_to, effective_to
-- Every posting, superseded ones too: ask for a day of service and for the day on which it was known.
select
  lab_fee.* replace (greatest(lab_fee.effective_from, period.effective_from) as effective_from),
  period.posting_id, period.known_from, period.known_to, period.effective_to
from lab_fee
join release using (release_id)
join release_period as period using (posting_id)
where release.is_current
union all by name
select
  lab_fee.* replace (greatest(lab_fee.effective_from, period.effective_from) as effective_from),
  period.known_from, period.known_to, period.effective_to
from superseded.lab_fee
join release_period as period using (posting_id)
