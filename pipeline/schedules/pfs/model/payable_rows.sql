-- What a locality amount is computed from, but for the place.
select
  rvu.release_id,
  payment_national.conversion_factor_class,
  payment_national.is_default_class,
  rvu.hcpcs_code,
  rvu.modifier,
  rvu.status_code,
  payment_national.conversion_factor,
  rvu.nonfacility_na,
  rvu.facility_na,
  payment_national.price_status as national_price_status,
  rvu.work_rvu, rvu.paid_work_rvu, rvu.nonfacility_pe_rvu, rvu.facility_pe_rvu, rvu.mp_rvu,
  rvu.opps_work_rvu, rvu.nonfacility_opps_pe_rvu, rvu.facility_opps_pe_rvu, rvu.opps_mp_rvu,
  rvu.qp_nonfacility_opps_pe_rvu, rvu.qp_facility_opps_pe_rvu, rvu.qp_opps_mp_rvu
from payment_national
join rvu using (release_id, hcpcs_code, modifier)
