-- Every code of a release for the list of its section. Codes with a price have what amounts by place
-- follow from besides: malpractice, and the RVUs of the OPPS amount where there is one.
select profile.section, profile.hcpcs_code, profile.subsection, profile.status_code, profile.global_days, profile.work_rvu,
  profile.nonfacility_total_rvu, profile.facility_total_rvu, profile.nonfacility_payment, profile.facility_payment,
  case when price_status = 'priced' then profile.mp_rvu end as mp_rvu,
  case when nonfacility_opps_pe_rvu + facility_opps_pe_rvu + opps_mp_rvu > 0
    then concat_ws('|', opps_work_rvu, nonfacility_opps_pe_rvu, facility_opps_pe_rvu, opps_mp_rvu) else '' end as opps_rvus,
  profile.price_status, profile.nonfacility_na, profile.facility_na
from code_profile as profile
join site_rvu as rvu using (release_id, hcpcs_code, modifier)
where release_id = $release_id
order by profile.section, profile.hcpcs_code
