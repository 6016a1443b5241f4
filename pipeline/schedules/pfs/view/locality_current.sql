-- of: locality
-- Only the latest release.
select * from locality where release_id = (select release_id from release where schedule = 'pfs' and is_latest)
