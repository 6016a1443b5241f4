-- of: rvu
-- Only the latest release.
select * from rvu where release_id = (select release_id from release where is_latest)
