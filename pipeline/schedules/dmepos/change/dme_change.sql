-- What changed from one release to the next: a row per item that differs in anything that the schema does
-- not leave out. $pair names both releases, $before and $after are their items, $fees says how
-- their fees differ, $others names the further columns that differ.
with compared as (
  select
    pair.*,
    hcpcs_code,
    modifier,
    modifier2,
    coalesce(before.price_status, '') as price_status_before,
    coalesce(after.price_status, '') as price_status_after,
    coalesce(before.category, '') as category_before,
    coalesce(after.category, '') as category_after,
    before.ceiling as ceiling_before,
    after.ceiling as ceiling_after,
    before.floor as floor_before,
    after.floor as floor_after,
    coalesce(fee.changed_amount_count, 0) as changed_amount_count,
    coalesce(fee.new_amount_count, 0) as new_amount_count,
    coalesce(fee.ended_amount_count, 0) as ended_amount_count,
    fee.lowest_change_percent,
    fee.highest_change_percent,
    fee.hcpcs_code is not null
    or (before.price_status, before.national_amount, before.lowest_amount, before.highest_amount)
    is distinct from (after.price_status, after.national_amount, after.lowest_amount, after.highest_amount) as is_repriced,
    category_before <> category_after or before.jurisdiction <> after.jurisdiction or before.program <> after.program as is_reclassified,
    concat_ws(
      ',',
      if(changed_amount_count > 0, 'amounts', null),
      if(fee.is_alike, 'all_amounts_alike', null),
      if(new_amount_count > 0 or ended_amount_count > 0, 'states', null),
      if(is_repriced and fee.hcpcs_code is null, 'price_status', null)
    ) as told,
    $others as others
  from $before as before
  full join $after as after using (release_id, hcpcs_code, modifier, modifier2)
  left join $fees as fee using (release_id, hcpcs_code, modifier, modifier2)
  cross join $pair as pair
)
select
  * exclude (is_repriced, is_reclassified, told, others),
  case
    when price_status_before = '' then 'added'
    when price_status_after = '' then 'removed'
    when is_repriced then 'repriced'
    when is_reclassified then 'reclassified'
    else 'details_only'
  end as change_kind,
  case
    when change_kind in ('added', 'removed') then ''
    else concat_ws(',', nullif(told, ''), nullif(others, ''))
  end as causes
from compared
where change_kind <> 'details_only' or causes <> ''
