-- RVU rows with the OPPS values of their class: CMS restates these in its file for qualifying
-- participants, so that the cap is the same dollars under either conversion factor (pfs-rules 10.4).
select
  * exclude (qp_nonfacility_opps_pe_rvu, qp_facility_opps_pe_rvu, qp_opps_mp_rvu) replace (
    case when conversion_factor_class = 'qp' then coalesce(qp_nonfacility_opps_pe_rvu, nonfacility_opps_pe_rvu)
      else nonfacility_opps_pe_rvu end as nonfacility_opps_pe_rvu,
    case when conversion_factor_class = 'qp' then coalesce(qp_facility_opps_pe_rvu, facility_opps_pe_rvu)
      else facility_opps_pe_rvu end as facility_opps_pe_rvu,
    case when conversion_factor_class = 'qp' then coalesce(qp_opps_mp_rvu, opps_mp_rvu) else opps_mp_rvu end as opps_mp_rvu
  )
from $rows
