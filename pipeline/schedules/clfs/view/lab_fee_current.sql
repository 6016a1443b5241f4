-- of: lab_fee
-- Only the latest release.
select lab_fee.*
from lab_fee
join release using (release_id)
where release.schedule = 'clfs' and release.is_latest
