-- What changed from one release to the next: a row per code that differs in anything that the schema does
-- not leave out. $pair names both releases, $before and $after are their rows,
-- $others names the further columns that differ.
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
    coalesce(before.payment_indicator, '') as payment_indicator_before,
    coalesce(after.payment_indicator, '') as payment_indicator_after,
    coalesce(before.price_status, '') as price_status_before,
    coalesce(after.price_status, '') as price_status_after,
    before.payment_weight as payment_weight_before,
    after.payment_weight as payment_weight_after,
    before.payment_rate as payment_rate_before,
    after.payment_rate as payment_rate_after,
    after.payment_rate - before.payment_rate as payment_rate_change,
    before.addendum is distinct from after.addendum as is_moved,
    payment_rate_before is distinct from payment_rate_after or price_status_before <> price_status_after as is_repriced,
    concat_ws(
      ',',
      if(payment_indicator_before <> payment_indicator_after, 'payment_indicator', null),
      if(payment_weight_before is distinct from payment_weight_after, 'payment_weight', null),
      if(payment_weight_before is not null and payment_weight_after is not null and before.derived_factor <> after.derived_factor, 'factor', null)
    ) as told,
    $others as others
  from earlier as before
  full join later as after using (release_id, hcpcs_code)
  cross join $pair as pair
)
select
  * exclude (is_moved, is_repriced, told, others),
  case
    when price_status_before = '' then 'added'
    when price_status_after = '' then 'removed'
    when is_repriced then 'repriced'
    when payment_indicator_before <> payment_indicator_after or is_moved then 'reclassified'
    else 'details_only'
  end as change_kind,
  case
    when change_kind in ('added', 'removed') then ''
    else concat_ws(',', nullif(told, ''), if(is_repriced and told = '', 'rate', null), nullif(others, ''))
  end as causes
from compared
where change_kind in ('added', 'removed', 'repriced') or causes not in ('', 'factor')
