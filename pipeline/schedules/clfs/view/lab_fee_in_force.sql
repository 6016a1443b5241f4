-- of: lab_fee
-- adds: effective_to
-- Every release in force, with the days of service that it is for: ask for a day between the two.
select
  lab_fee.* replace (greatest(lab_fee.effective_from, release.effective_from) as effective_from),
  release.effective_to
from lab_fee
join release using (release_id)
where release.is_current
