-- compares: OPPS rates of technical parts = OPPS columns of PPRRVU
-- with: pfs
-- PPRRVU has the rate as RVUs of two decimals: what is within 0.30 dollars agrees.
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, opps_code.hcpcs_code as record_key, 'payment_rate' as column_name,
  if(
    abs((rvu.nonfacility_opps_pe_rvu + rvu.opps_mp_rvu) * payment_national.conversion_factor - opps_code.payment_rate) <= 0.30,
    opps_code.payment_rate,
    round((rvu.nonfacility_opps_pe_rvu + rvu.opps_mp_rvu) * payment_national.conversion_factor, 2)
  ) as our_value,
  opps_code.payment_rate as other_value
from $pair as pair
join opps_code on opps_code.release_id = pair.posting_id
join rvu on rvu.release_id = pair.other_posting_id and rvu.hcpcs_code = opps_code.hcpcs_code and rvu.modifier = 'TC'
join payment_national
  on payment_national.release_id = rvu.release_id and payment_national.hcpcs_code = rvu.hcpcs_code
  and payment_national.modifier = 'TC' and payment_national.is_default_class
where opps_code.payment_rate is not null and rvu.nonfacility_opps_pe_rvu + rvu.opps_mp_rvu > 0
