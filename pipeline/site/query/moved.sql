-- Codes whose national payment a release changed: each setting before and after, and what RVUs and
-- the conversion factor did to it. A service that is rarely or never done in a setting, in either
-- release, has an amount there that nobody is paid.
select
  now.hcpcs_code,
  cast(before.nonfacility_payment as varchar) as office_before,
  cast(now.nonfacility_payment as varchar) as office_after,
  cast(round(now.nonfacility_due_to_rvu, 2) as varchar) as office_due_to_rvu,
  cast(round(now.nonfacility_due_to_conversion_factor, 2) as varchar) as office_due_to_factor,
  profile.nonfacility_na or before.nonfacility_na as is_office_na,
  cast(before.facility_payment as varchar) as facility_before,
  cast(now.facility_payment as varchar) as facility_after,
  cast(round(now.facility_due_to_rvu, 2) as varchar) as facility_due_to_rvu,
  cast(round(now.facility_due_to_conversion_factor, 2) as varchar) as facility_due_to_factor,
  profile.facility_na or before.facility_na as is_facility_na
from site_change as now
join code_profile as profile on profile.release_id = $release_id and profile.hcpcs_code = now.hcpcs_code
join code_profile as before on before.release_id = now.previous_release_id and before.hcpcs_code = now.hcpcs_code
where now.nonfacility_payment is not null and before.nonfacility_payment is not null
order by now.hcpcs_code
