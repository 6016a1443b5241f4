-- compares: pricing indicator = the schedule with an amount
-- with: asp, clfs, dmepos, pfs
-- Of equipment the fees are those of codes with modifiers (bought, rented), and depend on the place.
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, hcpcs_item.hcpcs_code as record_key,
  'pricing_indicator' as column_name, $other as our_value, hcpcs_indicator.priced_under as other_value,
  -- The dictionary keeps the contractor's price of a code that its schedule prices by now.
  if(
    hcpcs_indicator.priced_under <> $other and hcpcs_indicator.listed_under = $other,
    format('indicator {} is one of this schedule, too: the contractor had the price', hcpcs_indicator.value), ''
  ) as known_reason
from $pair as pair
join hcpcs_item on hcpcs_item.release_id = pair.posting_id
join hcpcs_indicator
  on hcpcs_indicator.indicator = 'pricing_indicator'
  and list_contains(string_split(hcpcs_item.pricing_indicators, ','), hcpcs_indicator.value)
where exists (
  select 1
  from $said as said
  where said.release_id = pair.other_posting_id and said.hcpcs_code = hcpcs_item.hcpcs_code
    and (said.modifier = '' or $other = 'dmepos') and said.place_kind = 'national'
    and (said.amount is not null or said.reason = 'by_place')
)
-- A few codes have two indicators: one for each of the ways in which they are priced.
qualify
  row_number() over (
    partition by pair.posting_id, pair.other_posting_id, hcpcs_item.hcpcs_code
    order by hcpcs_indicator.priced_under = $other desc, hcpcs_indicator.listed_under = $other desc, hcpcs_indicator.value
  ) = 1
