-- of: rvu
-- adds: effective_from, effective_to
-- Every release in force, with the days of service that it is for: ask for a day between the two.
select rvu.*, release.effective_from, release.effective_to
from rvu
join release using (release_id)
where release.is_current
