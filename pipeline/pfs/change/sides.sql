-- What a release says of each code: one row per release, code and modifier, with the values of
-- the default conversion-factor class.
select
  rvu.release_id, rvu.hcpcs_code, rvu.modifier,
  rvu.status_code, payment_national.price_status, payment_national.conversion_factor,
  rvu.work_rvu, rvu.nonfacility_pe_rvu, rvu.facility_pe_rvu, rvu.mp_rvu,
  rvu.opps_work_rvu, rvu.nonfacility_opps_pe_rvu, rvu.facility_opps_pe_rvu, rvu.opps_mp_rvu,
  payment_national.nonfacility_payment, payment_national.facility_payment,
  rvu.description, rvu.not_used_for_medicare, rvu.nonfacility_na, rvu.facility_na, rvu.pctc_indicator, rvu.global_days,
  rvu.preoperative_share, rvu.intraoperative_share, rvu.postoperative_share,
  rvu.multiple_procedure_indicator, rvu.bilateral_indicator, rvu.assistant_surgeon_indicator,
  rvu.co_surgeon_indicator, rvu.team_surgeon_indicator, rvu.endoscopic_base_code,
  rvu.supervision_indicator, rvu.imaging_family_indicator
from rvu
join payment_national using (release_id, hcpcs_code, modifier)
where payment_national.is_default_class
