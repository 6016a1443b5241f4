-- The rows beside the one that stands for a code: professional (26), technical (TC) and
-- discontinued (53), each with its status, RVUs and national payment.
select
  rvu.hcpcs_code, rvu.modifier, payment.price_status, rvu.work_rvu, rvu.nonfacility_total_rvu,
  rvu.facility_total_rvu, payment.nonfacility_payment, payment.facility_payment
from rvu
join payment_national as payment using (release_id, hcpcs_code, modifier)
where payment.is_default_class and rvu.modifier <> ''
