-- of: locality
-- Only the latest release.
select * from locality where release_id = (select release_id from release where is_latest)
