-- The value of each code in every release loaded and what changed from the release before. The
-- row without modifier stands for a code, or the 26 row where a code has none such.
with ordered as (
  select
    release_id, effective_from,
    row_number() over (order by effective_from, release_id) as release_number
  from release
  where is_current
),
valued as (
  select
    ordered.*,
    rvu.hcpcs_code, rvu.status_code, payment.price_status, rvu.work_rvu, rvu.nonfacility_total_rvu,
    rvu.facility_total_rvu, payment.conversion_factor, payment.nonfacility_payment, payment.facility_payment,
    row(rvu.work_rvu, rvu.nonfacility_pe_rvu, rvu.facility_pe_rvu, rvu.mp_rvu) as rvus,
    row(
      rvu.modifier, rvu.not_used_for_medicare, rvu.nonfacility_na, rvu.facility_na, rvu.pctc_indicator, rvu.global_days,
      rvu.preoperative_share, rvu.intraoperative_share, rvu.postoperative_share, rvu.multiple_procedure_indicator,
      rvu.bilateral_indicator, rvu.assistant_surgeon_indicator, rvu.co_surgeon_indicator, rvu.team_surgeon_indicator,
      rvu.endoscopic_base_code, rvu.supervision_indicator, rvu.calculation_flag, rvu.imaging_family_indicator,
      rvu.nonfacility_opps_pe_rvu, rvu.facility_opps_pe_rvu, rvu.opps_mp_rvu
    ) as indicators
  from ordered
  join rvu using (release_id)
  join payment_national as payment using (release_id, hcpcs_code, modifier)
  where payment.is_default_class
  qualify row_number() over (partition by release_id, rvu.hcpcs_code order by rvu.modifier) = 1
),
compared as (
  select
    *,
    case
      when release_number = 1 then 'first_loaded'
      when lag(release_number) over history is distinct from release_number - 1 then 'added'
      when lag(status_code) over history <> status_code then 'status_changed'
      when lag(rvus) over history <> rvus then 'revalued'
      when lag(indicators) over history <> indicators then 'indicators_only'
      when price_status = 'priced' and lag(conversion_factor) over history <> conversion_factor then 'factor_only'
      else 'unchanged'
    end as change_from_previous,
    coalesce(lead(release_number) over history, (select max(release_number) + 1 from ordered)) as next_number
  from valued
  window history as (partition by hcpcs_code order by release_number)
)
select
  compared.* exclude (release_number, rvus, indicators, next_number, change),
  coalesce(last_value(if(change <> '', compared.release_id, null) ignore nulls) over until_now, '') as last_change_release_id,
  coalesce(last_value(nullif(change, '') ignore nulls) over until_now, '') as last_change,
  coalesce(vanished.release_id, '') as vanished_release_id
from (
  select *, if(change_from_previous in ('first_loaded', 'factor_only', 'unchanged'), '', change_from_previous) as change
  from compared
) as compared
left join ordered as vanished
  on vanished.release_number = compared.release_number + 1 and compared.next_number > compared.release_number + 1
window until_now as (partition by hcpcs_code order by compared.release_number rows unbounded preceding)
