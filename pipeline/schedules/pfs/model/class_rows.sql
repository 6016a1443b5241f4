-- RVU rows with the values that Medicare pays by: the work of that year (paid_work_rvu), and the OPPS
-- values of their class, which CMS restates in its file for qualifying participants, so that the cap
-- is the same dollars under either conversion factor (pfs-rules 10.4).
select
  * exclude (paid_work_rvu, qp_nonfacility_opps_pe_rvu, qp_facility_opps_pe_rvu, qp_opps_mp_rvu) replace (
    paid_work_rvu as work_rvu,
    case when conversion_factor_class = 'qp' then coalesce(qp_nonfacility_opps_pe_rvu, nonfacility_opps_pe_rvu)
      else nonfacility_opps_pe_rvu end as nonfacility_opps_pe_rvu,
    case when conversion_factor_class = 'qp' then coalesce(qp_facility_opps_pe_rvu, facility_opps_pe_rvu)
      else facility_opps_pe_rvu end as facility_opps_pe_rvu,
    case when conversion_factor_class = 'qp' then coalesce(qp_opps_mp_rvu, opps_mp_rvu) else opps_mp_rvu end as opps_mp_rvu
  )
from $rows
