-- of: payment_locality
-- Only the latest release and its default conversion-factor class.
select * from payment_locality where is_default_class and release_id = (select release_id from release where schedule = 'pfs' and is_latest)
