-- of: payment_national
-- Only the latest release and its default conversion-factor class.
select * from payment_national where is_default_class and release_id = (select release_id from release where schedule = 'pfs' and is_latest)
