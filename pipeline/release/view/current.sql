-- Only the latest release.
select * from $table where release_id in (select release_id from release where schedule = '$schedule' and is_latest)
