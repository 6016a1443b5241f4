-- Rows for payment_amounts at national level: one place where all indices are 1, and every
-- conversion factor of the release.
select
  release_id,
  factor.conversion_factor_class,
  factor.is_default_class,
  hcpcs_code,
  modifier,
  status_code,
  factor.conversion_factor,
  nonfacility_na,
  facility_na,
  case
    when work_rvu + nonfacility_pe_rvu + facility_pe_rvu + mp_rvu > 0 then status_price.price_status_with_rvu
    else status_price.price_status_without_rvu
  end as national_price_status,
  work_rvu, paid_work_rvu, nonfacility_pe_rvu, facility_pe_rvu, mp_rvu,
  opps_work_rvu, nonfacility_opps_pe_rvu, facility_opps_pe_rvu, opps_mp_rvu,
  qp_nonfacility_opps_pe_rvu, qp_facility_opps_pe_rvu, qp_opps_mp_rvu,
  cast(1 as decimal(5, 3)) as work_gpci, cast(1 as decimal(5, 3)) as pe_gpci, cast(1 as decimal(5, 3)) as mp_gpci
from rvu
cross join release_factor as factor
join status_price using (status_code)
