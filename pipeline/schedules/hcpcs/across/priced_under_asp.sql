-- compares: the payer by the pricing indicator = who has an amount: the drug limits
-- with: asp
select
  pair.posting_id as release_id, pair.other_posting_id, hcpcs_item.hcpcs_code as record_key, 'pricing_indicator' as column_name,
  'asp' as our_value, hcpcs_indicator.priced_under as other_value, '' as known_reason
from $pair as pair
join hcpcs_item on hcpcs_item.release_id = pair.posting_id
join hcpcs_indicator
  on hcpcs_indicator.indicator = 'pricing_indicator'
  and list_contains(string_split(hcpcs_item.pricing_indicators, ','), hcpcs_indicator.value)
where exists (
  select 1
  from drug_limit
  where drug_limit.release_id = pair.other_posting_id and drug_limit.hcpcs_code = hcpcs_item.hcpcs_code
    and drug_limit.price_status = 'priced' 
)
-- A few codes have two indicators: one for each of the ways in which they are priced.
qualify
  row_number() over (
    partition by pair.posting_id, pair.other_posting_id, hcpcs_item.hcpcs_code
    order by hcpcs_indicator.priced_under = 'asp' desc, hcpcs_indicator.value
  ) = 1
