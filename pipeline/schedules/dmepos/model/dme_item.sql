-- Every item of the release, also one without a fee anywhere. $fee_range says what its fees are.
-- national_amount: the one fee that holds everywhere, also in the former bidding areas.
with bid_item as (select distinct hcpcs_code, modifier, modifier2 from stage.dme_cba where amount > 0)
select
  this_release.release_id,
  item.hcpcs_code,
  item.modifier,
  item.modifier2,
  item.program,
  item.category,
  item.jurisdiction,
  item.ceiling,
  item.floor,
  item.has_rural,
  case
    when item.highest_amount is null then 'no_fee_published'
    when item.is_everywhere and item.lowest_amount = item.highest_amount and bid_item.hcpcs_code is null then 'priced'
    else 'by_place'
  end as price_status,
  if(price_status = 'priced', item.lowest_amount, null) as national_amount,
  item.lowest_amount,
  item.highest_amount,
  item.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  loaded_file.file as source_file,
  item.source_line
from $fee_range as item
join stage.loaded_file as loaded_file using (file_kind)
left join bid_item using (hcpcs_code, modifier, modifier2)
cross join this_release
