-- What changed from one release to the next: a row per code and modifier of a pair of releases
-- that differs in anything. $pairs and $sides are as in corners.sql, $split is split.sql.
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
  concat_ws(',',
    if(before.description is distinct from after.description, 'description', null),
    if(before.not_used_for_medicare is distinct from after.not_used_for_medicare, 'not_used_for_medicare', null),
    if(before.nonfacility_na is distinct from after.nonfacility_na, 'nonfacility_na', null),
    if(before.facility_na is distinct from after.facility_na, 'facility_na', null),
    if(before.pctc_indicator is distinct from after.pctc_indicator, 'pctc_indicator', null),
    if(before.global_days is distinct from after.global_days, 'global_days', null),
    if(before.preoperative_share is distinct from after.preoperative_share, 'preoperative_share', null),
    if(before.intraoperative_share is distinct from after.intraoperative_share, 'intraoperative_share', null),
    if(before.postoperative_share is distinct from after.postoperative_share, 'postoperative_share', null),
    if(before.multiple_procedure_indicator is distinct from after.multiple_procedure_indicator, 'multiple_procedure_indicator', null),
    if(before.bilateral_indicator is distinct from after.bilateral_indicator, 'bilateral_indicator', null),
    if(before.assistant_surgeon_indicator is distinct from after.assistant_surgeon_indicator, 'assistant_surgeon_indicator', null),
    if(before.co_surgeon_indicator is distinct from after.co_surgeon_indicator, 'co_surgeon_indicator', null),
    if(before.team_surgeon_indicator is distinct from after.team_surgeon_indicator, 'team_surgeon_indicator', null),
    if(before.endoscopic_base_code is distinct from after.endoscopic_base_code, 'endoscopic_base_code', null),
    if(before.supervision_indicator is distinct from after.supervision_indicator, 'supervision_indicator', null),
    if(before.imaging_family_indicator is distinct from after.imaging_family_indicator, 'imaging_family_indicator', null)
  ) as differing,
  (before.work_rvu is distinct from after.work_rvu
    or before.nonfacility_pe_rvu is distinct from after.nonfacility_pe_rvu
    or before.facility_pe_rvu is distinct from after.facility_pe_rvu
    or before.mp_rvu is distinct from after.mp_rvu
    or before.nonfacility_opps_pe_rvu is distinct from after.nonfacility_opps_pe_rvu
    or before.facility_opps_pe_rvu is distinct from after.facility_opps_pe_rvu
    or before.opps_mp_rvu is distinct from after.opps_mp_rvu) as is_revalued,
  case
    when before.status_code is null then 'added'
    when after.status_code is null then 'removed'
    when before.status_code <> after.status_code then 'status_changed'
    when is_revalued then 'revalued'
    when before.nonfacility_payment is distinct from after.nonfacility_payment then 'factor_only'
    when before.facility_payment is distinct from after.facility_payment then 'factor_only'
    else 'indicators_only'
  end as change_kind,
  if(before.status_code is null or after.status_code is null, '', differing) as changed_indicators,
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
  or is_revalued
  or before.nonfacility_payment is distinct from after.nonfacility_payment
  or before.facility_payment is distinct from after.facility_payment
  or differing <> ''
