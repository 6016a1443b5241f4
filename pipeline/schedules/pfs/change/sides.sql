-- What a release says of each code: one row per release, code and modifier, with the values of
-- the default conversion-factor class.
select
  rvu.*, payment_national.price_status, payment_national.conversion_factor,
  payment_national.nonfacility_payment, payment_national.facility_payment
from rvu
join payment_national using (release_id, hcpcs_code, modifier)
where payment_national.is_default_class
