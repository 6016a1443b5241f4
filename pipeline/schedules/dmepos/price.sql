-- What claim lines are paid for equipment, prosthetics, supplies and nutrition: by state, of some items apart in
-- its rural areas, and in former bidding areas by the amount of the area. The row of the country has the amount
-- that holds everywhere, or says that the place decides. Rent is for a month; of capped rentals the rules of
-- dme_payment_rule say what is paid from the fourth month on.
with later as (
  select
    first_code, last_code, cast(percent * cast(0.01 as decimal(6, 4)) as decimal(6, 4)) as later_month_factor
  from dme_payment_rule
  where program = 'dmepos' and category = 'CR' and pays = 'month' and month_from = 4
),
-- An area may have no fee for an item that the file of the areas lists.
of_areas as (
  select distinct area.release_id, area.hcpcs_code, area.modifier, area.modifier2, area.modifier3
  from dme_cba_fee as area
  join used_code on used_code.hcpcs_code = area.hcpcs_code
),
-- Where a release knows the areas and came without their fees, those of the state are not what is paid there: of
-- an item with rural fees, which are those that bidding adjusted, nobody can say what is.
without_fees as (
  select distinct release_id
  from dme_zip
  where cba <> '' and release_id not in (select release_id from dme_cba_fee)
),
-- Some items have fees in former bidding areas and in no state.
listed as (
  select
    item.release_id, item.hcpcs_code, item.modifier, item.modifier2, '' as modifier3, item.category, item.national_amount as amount,
    item.price_status, item.has_rural
  from dme_item as item
  join used_code on used_code.hcpcs_code = item.hcpcs_code
  union all
  select area.release_id, area.hcpcs_code, area.modifier, area.modifier2, area.modifier3, '', null, 'by_place', false
  from of_areas as area
  left join dme_item as item
    on item.release_id = area.release_id and item.hcpcs_code = area.hcpcs_code and item.modifier = area.modifier
    and item.modifier2 = area.modifier2 and area.modifier3 = ''
  where item.release_id is null
  union all
  select mail.release_id, mail.hcpcs_code, mail.modifier, mail.modifier2, mail.modifier3, '', mail.amount, 'priced', false
  from dme_mail_order_fee as mail
  join used_code on used_code.hcpcs_code = mail.hcpcs_code
)
select
  listed.release_id, listed.hcpcs_code, listed.modifier, listed.modifier2, listed.modifier3, 'national' as place_kind, '' as place,
  case when listed.price_status = 'by_place' then 'state' else '' end as located_by,
  of_areas.release_id is not null or listed.has_rural and without_fees.release_id is not null as has_areas, false as is_split, cast(listed.amount as decimal(12, 3)) as amount,
  cast(null as decimal(12, 3)) as rural_amount, cast(null as decimal(12, 3)) as super_rural_amount,
  cast(null as decimal(12, 3)) as first_miles_amount,
  case
    when listed.category = 'CR' and listed.modifier = 'RR' then coalesce(own.later_month_factor, common.later_month_factor)
    else cast(1 as decimal(6, 4))
  end as later_month_factor,
  case when listed.modifier <> 'RR' then 'unit' when listed.hcpcs_code = 'E0935' then 'day' else 'month' end as amount_unit,
  cast(20 as decimal(6, 3)) as patient_share_percent,
  case when listed.price_status in ('priced', 'by_place') then '' else listed.price_status end as rate_reason, '' as rate_note
from listed
left join of_areas
  on of_areas.release_id = listed.release_id and of_areas.hcpcs_code = listed.hcpcs_code and of_areas.modifier = listed.modifier
  and of_areas.modifier2 = listed.modifier2 and of_areas.modifier3 = listed.modifier3
left join without_fees on without_fees.release_id = listed.release_id
left join later as own on own.first_code <> '' and listed.hcpcs_code between own.first_code and own.last_code
left join later as common on common.first_code = ''
union all
select
  fee.release_id, fee.hcpcs_code, fee.modifier, fee.modifier2, '', 'state', fee.state, 'state', false,
  -- Without a rural fee in the state the other one holds in all of it.
  max(case when fee.is_rural then 1 else 0 end) = 1,
  cast(max(case when not fee.is_rural then fee.amount end) as decimal(12, 3)),
  cast(max(case when fee.is_rural then fee.amount end) as decimal(12, 3)), cast(null as decimal(12, 3)),
  cast(null as decimal(12, 3)), cast(1 as decimal(6, 4)), '', cast(20 as decimal(6, 3)), '', ''
from dme_fee as fee
join used_code on used_code.hcpcs_code = fee.hcpcs_code
group by fee.release_id, fee.hcpcs_code, fee.modifier, fee.modifier2, fee.state
union all
select
  area.release_id, area.hcpcs_code, area.modifier, area.modifier2, area.modifier3, 'cba', area.cba, 'state', true, false,
  cast(area.amount as decimal(12, 3)), cast(null as decimal(12, 3)), cast(null as decimal(12, 3)),
  cast(null as decimal(12, 3)), cast(1 as decimal(6, 4)), '', cast(20 as decimal(6, 3)), '', ''
from dme_cba_fee as area
join used_code on used_code.hcpcs_code = area.hcpcs_code
