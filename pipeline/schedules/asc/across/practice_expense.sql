-- compares: ASC rates of office-based services = practice expense x factor, indicator
-- with: pfs
-- The practice expense is that of the technical part where the code has one.
select
  pair.posting_id as release_id, pair.other_posting_id, asc_fee.payment_indicator as part,
  asc_fee.hcpcs_code as record_key, 'payment_rate' as column_name,
  round(rvu.nonfacility_pe_rvu * payment_national.conversion_factor, 2) as our_value,
  asc_fee.payment_rate as other_value
from $pair as pair
join asc_fee on asc_fee.release_id = pair.posting_id
join rvu on rvu.release_id = pair.other_posting_id and rvu.hcpcs_code = asc_fee.hcpcs_code
join payment_national
  on payment_national.release_id = rvu.release_id and payment_national.hcpcs_code = rvu.hcpcs_code
  and payment_national.modifier = rvu.modifier and payment_national.is_default_class
where asc_fee.payment_indicator in ('P3', 'Z3') and rvu.modifier in ('', 'TC')
qualify row_number() over (partition by pair.posting_id, pair.other_posting_id, asc_fee.hcpcs_code order by rvu.modifier desc) = 1
