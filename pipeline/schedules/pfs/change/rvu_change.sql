-- What changed from one release to the next: a row per code and modifier of a pair of releases
-- that differs in anything. $pairs and $sides are as in corners.sql, $split is split.sql;
-- $differing_values and $differing_indicators name the columns of rvu that differ, of all but
-- those that the schema leaves out.
with after as (
  select pairs.previous_release_id, side.* from $pairs as pairs join $sides as side using (release_id)
),
before as (
  select pairs.release_id, pairs.previous_release_id, side.* exclude (release_id)
  from $pairs as pairs
  join $sides as side on side.release_id = pairs.previous_release_id
)
select
  release_id,
  previous_release_id,
  hcpcs_code,
  modifier,
  $differing_indicators as differing,
  $differing_values as revalued,
  case
    when before.status_code is null then 'added'
    when after.status_code is null then 'removed'
    when before.status_code <> after.status_code then 'status_changed'
    when revalued <> '' then 'revalued'
    when differing not in ('', 'description') then 'indicators_only'
    when before.nonfacility_payment is distinct from after.nonfacility_payment then 'factor_only'
    when before.facility_payment is distinct from after.facility_payment then 'factor_only'
    else 'description_only'
  end as change_kind,
  if(before.status_code is null or after.status_code is null, '', differing) as changed_indicators,
  if(before.status_code is null or after.status_code is null, '', revalued) as changed_values,
  coalesce(before.status_code, '') as status_code_before,
  coalesce(after.status_code, '') as status_code_after,
  coalesce(before.price_status, '') as price_status_before,
  coalesce(after.price_status, '') as price_status_after,
  before.work_rvu as work_rvu_before,
  after.work_rvu as work_rvu_after,
  before.nonfacility_pe_rvu as nonfacility_pe_rvu_before,
  after.nonfacility_pe_rvu as nonfacility_pe_rvu_after,
  before.facility_pe_rvu as facility_pe_rvu_before,
  after.facility_pe_rvu as facility_pe_rvu_after,
  before.mp_rvu as mp_rvu_before,
  after.mp_rvu as mp_rvu_after,
  before.nonfacility_payment as nonfacility_payment_before,
  after.nonfacility_payment as nonfacility_payment_after,
  split.nonfacility_payment_change,
  split.nonfacility_due_to_rvu,
  split.nonfacility_due_to_gpci,
  split.nonfacility_due_to_conversion_factor,
  split.nonfacility_due_to_rounding,
  before.facility_payment as facility_payment_before,
  after.facility_payment as facility_payment_after,
  split.facility_payment_change,
  split.facility_due_to_rvu,
  split.facility_due_to_gpci,
  split.facility_due_to_conversion_factor,
  split.facility_due_to_rounding
from before
full join after using (release_id, previous_release_id, hcpcs_code, modifier)
left join $split as split using (release_id, previous_release_id, hcpcs_code, modifier)
where before.status_code is null
  or after.status_code is null
  or before.status_code <> after.status_code
  or revalued <> ''
  or before.nonfacility_payment is distinct from after.nonfacility_payment
  or before.facility_payment is distinct from after.facility_payment
  or differing <> ''
