-- The same in each setting, with the practice expense that counts there.
select
  price_basis.*, setting.is_facility,
  case when setting.is_facility then facility_pe_rvu else nonfacility_pe_rvu end as pe_rvu,
  case when setting.is_facility then facility_opps_pe_rvu else nonfacility_opps_pe_rvu end as opps_pe_rvu,
  case when setting.is_facility then qp_facility_opps_pe_rvu else qp_nonfacility_opps_pe_rvu end as qp_opps_pe_rvu,
  case when setting.is_facility then pc_facility_pe_rvu else pc_nonfacility_pe_rvu end as pc_pe_rvu,
  case when setting.is_facility then facility_na else nonfacility_na end as is_na_setting
from price_basis
cross join (values (true), (false)) as setting (is_facility)
