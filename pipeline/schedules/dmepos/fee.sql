-- What a supplier is paid for an item. Where that is not the same everywhere, the national row says so, and a
-- row for each state, its rural areas apart where they have a fee of their own, and for each former
-- bidding area has the amount. Rent is for a month, of E0935 for a day. The patient owes 20%.
with listed as (
  select
    release_id, hcpcs_code, modifier, modifier2, '' as modifier3, national_amount as amount,
    case price_status when 'priced' then '' else price_status end as reason
  from dme_item
  union all
  -- Some items have fees in former bidding areas and in no state.
  select distinct area.release_id, area.hcpcs_code, area.modifier, area.modifier2, area.modifier3, null::decimal(10, 2) as amount, 'by_place' as reason
  from dme_cba_fee as area
  left join dme_item as item
    on item.release_id = area.release_id and item.hcpcs_code = area.hcpcs_code and item.modifier = area.modifier
    and item.modifier2 = area.modifier2 and area.modifier3 = ''
  where item.release_id is null
),
-- Of a release that came without the fees of its areas nobody can say what is paid there for an item with rural
-- fees, which are those that bidding adjusted.
without_fees as (
  select distinct release_id, cba
  from dme_zip
  where cba <> '' and release_id not in (select release_id from dme_cba_fee)
),
area as (
  select distinct release_id, cba from dme_cba_fee
  union all
  select release_id, cba from without_fees
),
-- An area may have no fee for an item that the file of the areas lists: what is paid there no file says.
of_area as (
  select item.*, area.cba, fee.amount, case when fee.amount is null then 'no_fee_in_area' else '' end as reason
  from (
    select distinct release_id, hcpcs_code, modifier, modifier2, modifier3 from dme_cba_fee
    union all
    select release_id, hcpcs_code, modifier, modifier2, '' from dme_item
    where has_rural and release_id in (select release_id from without_fees)
  ) as item
  join area using (release_id)
  left join dme_cba_fee as fee using (release_id, hcpcs_code, modifier, modifier2, modifier3, cba)
),
answer as (
  select
    release_id, hcpcs_code, modifier, modifier2, modifier3, 'national' as place_kind, '' as state, null::boolean as is_rural, '' as cba, amount,
    reason
  from listed
  union all
  select
    release_id, hcpcs_code, modifier, modifier2, modifier3, 'national' as place_kind, '' as state, null::boolean as is_rural, '' as cba, amount,
    '' as reason
  from dme_mail_order_fee
  union all
  select
    release_id, hcpcs_code, modifier, modifier2, '' as modifier3, 'state_rural' as place_kind, state,
    -- Without a rural fee in the state the other one holds in all of it.
    case when bool_or(is_rural) over (partition by release_id, hcpcs_code, modifier, modifier2, state) then is_rural end as is_rural, '' as cba,
    amount, '' as reason
  from dme_fee
  union all
  select
    release_id, hcpcs_code, modifier, modifier2, modifier3, 'cba' as place_kind, '' as state, null::boolean as is_rural, cba, amount, reason
  from of_area
)
select
  release_id, hcpcs_code, modifier, modifier2, modifier3, 'supplier' as setting, place_kind, '' as mac, '' as locality_number, state, is_rural,
  cba, amount,
  case when amount is null then '' when modifier <> 'RR' then 'unit' when hcpcs_code = 'E0935' then 'day' else 'month' end as amount_unit,
  20 as patient_share_percent, 'priced' as amount_status, reason, false as defers
from answer
