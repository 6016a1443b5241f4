-- of: rvu
-- Only the latest release.
select * from rvu where release_id = (select release_id from release where schedule = 'pfs' and is_latest)
