-- compares: ASC rates of drugs (K2) = limits
-- with: asp, every posting
-- CMS rounds the limit to cents. Where it posts limits again, the rates of the quarter stay as they were.
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, asc_fee.hcpcs_code as record_key, 'payment_rate' as column_name,
  round(drug_limit.payment_limit, 2) as our_value, asc_fee.payment_rate as other_value
from $pair as pair
join asc_fee on asc_fee.release_id = pair.posting_id
join drug_limit on drug_limit.release_id = pair.other_posting_id and drug_limit.hcpcs_code = asc_fee.hcpcs_code
where asc_fee.payment_indicator = 'K2' and drug_limit.payment_limit is not null
