-- What changed from one release to the next: a row per code that differs in anything that the schema
-- does not leave out. $pair names both releases, $before and $after are their rows.
with later as (
  select after.*, schedule_factor.derived_factor
  from $after as after
  left join schedule_factor using (release_id)
),
earlier as (
  select before.*, schedule_factor.derived_factor
  from $before as before
  cross join $pair as pair
  left join schedule_factor on schedule_factor.release_id = pair.previous_release_id
),
compared as (
  select
    pair.*,
    hcpcs_code,
    before.hcpcs_code is null as is_added,
    after.hcpcs_code is null as is_removed,
    coalesce(before.status_indicator, '') as status_indicator_before,
    coalesce(after.status_indicator, '') as status_indicator_after,
    coalesce(before.apc, '') as apc_before,
    coalesce(after.apc, '') as apc_after,
    before.relative_weight as relative_weight_before,
    after.relative_weight as relative_weight_after,
    before.payment_rate as payment_rate_before,
    after.payment_rate as payment_rate_after,
    after.payment_rate - before.payment_rate as payment_rate_change,
    before.payment_rate is distinct from after.payment_rate as is_repriced,
    before.derived_factor is distinct from after.derived_factor as is_other_factor,
    (before.national_copayment, before.minimum_copayment, before.adjusted_copayment, before.ira_coinsurance_percent)
    is distinct from
    (after.national_copayment, after.minimum_copayment, after.adjusted_copayment, after.ira_coinsurance_percent)
    as is_other_copayment,
    before.pass_through_expires <> after.pass_through_expires as is_other_pass_through,
    concat_ws(
      ',',
      if(before.description <> after.description, 'description', null),
      if(before.note <> after.note, 'note', null)
    ) as changed_texts
  from earlier as before
  full join later as after using (release_id, hcpcs_code)
  cross join $pair as pair
),
caused as (
  select
    *,
    relative_weight_before is not null and relative_weight_after is not null as is_weighed,
    concat_ws(
      ',',
      if(status_indicator_before <> status_indicator_after, 'status_indicator', null),
      if(apc_before <> apc_after, 'apc', null),
      if(relative_weight_before is distinct from relative_weight_after, 'weight', null),
      if(is_repriced and is_weighed and is_other_factor, 'factor', null),
      if(is_repriced and relative_weight_before is null and relative_weight_after is null, 'drug_rate', null),
      if(is_other_copayment, 'copayment', null),
      if(is_other_pass_through, 'pass_through', null)
    ) as all_causes
  from compared
)
select
  * exclude (all_causes),
  if(is_added or is_removed, '', all_causes) as causes,
  case
    when is_added then 'added'
    when is_removed then 'removed'
    when is_repriced then 'repriced'
    when status_indicator_before <> status_indicator_after or apc_before <> apc_after then 'reclassified'
    else 'details_only'
  end as change_kind
from caused
where change_kind <> 'details_only' or causes <> '' or changed_texts <> ''
