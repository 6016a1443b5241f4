-- compares: OPPS rates of drugs (G, K, K1) = limits
-- with: asp, every posting
-- Until 2025 CMS rounds the limit to cents. Where it posts limits again, the rates of the quarter stay.
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, opps_code.hcpcs_code as record_key, 'payment_rate' as column_name,
  if(
    round(drug_limit.payment_limit, 2) = opps_code.payment_rate, opps_code.payment_rate, drug_limit.payment_limit
  ) as our_value,
  opps_code.payment_rate as other_value
from $pair as pair
join opps_code on opps_code.release_id = pair.posting_id
join drug_limit on drug_limit.release_id = pair.other_posting_id and drug_limit.hcpcs_code = opps_code.hcpcs_code
where opps_code.status_indicator in ('G', 'K', 'K1')
  and opps_code.payment_rate is not null and drug_limit.payment_limit is not null
