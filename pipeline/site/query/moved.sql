-- Codes whose national payment a release changed: each setting before and after, and what RVUs and
-- the conversion factor did to it. A service that is rarely or never done in a setting, in either
-- release, has an amount there that nobody is paid.
select
  now.hcpcs_code,
  cast(before.nonfacility_payment as varchar) as office_before,
  cast(now.nonfacility_payment as varchar) as office_after,
  cast(round(now.nonfacility_due_to_rvu, 2) as varchar) as office_due_to_rvu,
  cast(round(now.nonfacility_due_to_conversion_factor, 2) as varchar) as office_due_to_factor,
  profile.nonfacility_na or profile_before.nonfacility_na as is_office_na,
  cast(before.facility_payment as varchar) as facility_before,
  cast(now.facility_payment as varchar) as facility_after,
  cast(round(now.facility_due_to_rvu, 2) as varchar) as facility_due_to_rvu,
  cast(round(now.facility_due_to_conversion_factor, 2) as varchar) as facility_due_to_factor,
  profile.facility_na or profile_before.facility_na as is_facility_na
from numbered_release as this
join numbered_release as previous on previous.number = this.number - 1
join site_history as now on now.release_id = this.release_id
join site_history as before on before.release_id = previous.release_id and before.hcpcs_code = now.hcpcs_code
join code_profile as profile on profile.release_id = now.release_id and profile.hcpcs_code = now.hcpcs_code
join code_profile as profile_before
  on profile_before.release_id = before.release_id and profile_before.hcpcs_code = before.hcpcs_code
where this.release_id = $release_id and now.nonfacility_payment is not null and before.nonfacility_payment is not null
order by now.hcpcs_code
