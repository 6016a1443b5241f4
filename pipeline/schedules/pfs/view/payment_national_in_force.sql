-- of: payment_national
-- adds: effective_from, effective_to
-- Every release in force, with the days of service that it is for: ask for a day between the two.
select payment_national.*, release.effective_from, release.effective_to
from payment_national
join release using (release_id)
where release.is_current
