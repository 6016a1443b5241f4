-- Every code of a release for the list of its section. Codes with a price have what amounts by place
-- follow from besides: malpractice, and the RVUs of the OPPS amount where there is one.
select profile.section, profile.hcpcs_code, profile.subsection, profile.status_code, profile.global_days,
  cast(profile.work_rvu as varchar) as work_rvu,
  cast(profile.nonfacility_total_rvu as varchar) as nonfacility_total_rvu,
  cast(profile.facility_total_rvu as varchar) as facility_total_rvu,
  cast(profile.nonfacility_payment as varchar) as nonfacility_payment,
  cast(profile.facility_payment as varchar) as facility_payment,
  case when price_status = 'priced' then cast(profile.mp_rvu as varchar) end as mp_rvu,
  case when nonfacility_opps_pe_rvu + facility_opps_pe_rvu + opps_mp_rvu > 0
    then concat_ws('|', opps_work_rvu, nonfacility_opps_pe_rvu, facility_opps_pe_rvu, opps_mp_rvu) else '' end as opps_rvus,
  profile.price_status, profile.nonfacility_na, profile.facility_na
from code_profile as profile
join site_rvu as rvu using (release_id, hcpcs_code, modifier)
where release_id = $release_id
order by profile.section, profile.hcpcs_code
