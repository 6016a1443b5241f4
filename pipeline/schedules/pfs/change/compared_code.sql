-- Each code in every release loaded, beside what it was in the release before and whether the next one
-- lists it: of the row that stands for a code, as in code_profile, of which $profiles are the rows to compare.
with ordered as (
  select
    release_id, effective_from,
    lag(release_id) over (order by effective_from) as previous_release_id,
    lead(release_id) over (order by effective_from) as next_release_id
  from release
  where schedule = 'pfs' and is_current
)
select
  ordered.*,
  profile.hcpcs_code, profile.modifier, profile.status_code, profile.price_status, profile.work_rvu,
  profile.nonfacility_total_rvu, profile.facility_total_rvu, profile.conversion_factor,
  profile.nonfacility_payment, profile.facility_payment,
  case
    when ordered.previous_release_id is null then 'first_loaded'
    when before.hcpcs_code is null then 'added'
    -- The code was listed before, but with another modifier only.
    when change.change_kind = 'added' then 'indicators_only'
    else coalesce(change.change_kind, 'unchanged')
  end as change_from_previous,
  coalesce(change.changed_indicators, '') as changed_indicators,
  coalesce(change.changed_values, '') as changed_values,
  change.nonfacility_payment_change, change.nonfacility_due_to_rvu, change.nonfacility_due_to_gpci,
  change.nonfacility_due_to_conversion_factor, change.nonfacility_due_to_rounding,
  change.facility_payment_change, change.facility_due_to_rvu, change.facility_due_to_gpci,
  change.facility_due_to_conversion_factor, change.facility_due_to_rounding,
  case when after.hcpcs_code is null then coalesce(ordered.next_release_id, '') else '' end as vanished_release_id
from $profiles as profile
join ordered using (release_id)
left join $profiles as before
  on before.release_id = ordered.previous_release_id and before.hcpcs_code = profile.hcpcs_code
left join $profiles as after
  on after.release_id = ordered.next_release_id and after.hcpcs_code = profile.hcpcs_code
left join rvu_change as change
  on change.release_id = profile.release_id and change.hcpcs_code = profile.hcpcs_code
  and change.modifier = profile.modifier
