-- What a release changed: every code that is added, gone, has another status, other RVUs or other
-- indicators, with its figures before and after.
with ordered as (
  select release_id, lag(release_id) over (order by effective_from, release_id) as previous_id
  from release
  where schedule = 'pfs' and is_current
),
this as (select * from ordered where release_id = $release_id)
select
  now.hcpcs_code, profile.section, now.change_from_previous as change,
  before.status_code as status_before, now.status_code as status_after,
  before.work_rvu as work_before, now.work_rvu as work_after,
  before.nonfacility_payment as office_before, now.nonfacility_payment as office_after,
  before.facility_payment as facility_before, now.facility_payment as facility_after,
  round(now.nonfacility_due_to_rvu, 2) as office_due_to_rvu,
  round(now.nonfacility_due_to_conversion_factor, 2) as office_due_to_factor,
  round(now.facility_due_to_rvu, 2) as facility_due_to_rvu,
  round(now.facility_due_to_conversion_factor, 2) as facility_due_to_factor,
  -- A service that is rarely or never done there in either release has an amount that nobody is paid.
  profile.nonfacility_na or coalesce(profile_before.nonfacility_na, false) as is_office_na,
  profile.facility_na or coalesce(profile_before.facility_na, false) as is_facility_na
from this
join site_history as now on now.release_id = this.release_id
join code_profile as profile on profile.release_id = now.release_id and profile.hcpcs_code = now.hcpcs_code
left join site_history as before on before.release_id = this.previous_id and before.hcpcs_code = now.hcpcs_code
left join code_profile as profile_before
  on profile_before.release_id = before.release_id and profile_before.hcpcs_code = before.hcpcs_code
where now.change_from_previous <> 'first_loaded'
union all
select
  before.hcpcs_code, profile.section, 'removed', before.status_code, '', before.work_rvu, null,
  before.nonfacility_payment, null, before.facility_payment, null, null, null, null, null, false, false
from this
join site_history as before on before.release_id = this.previous_id and before.vanished_release_id = this.release_id
join code_profile as profile on profile.release_id = before.release_id and profile.hcpcs_code = before.hcpcs_code
order by 1
