-- compares: ASC rates of sources and of drugs without a limit (H2, K2) = OPPS rates
-- with: opps
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, asc_fee.hcpcs_code as record_key, 'payment_rate' as column_name,
  opps_code.payment_rate as our_value, asc_fee.payment_rate as other_value
from $pair as pair
join asc_fee on asc_fee.release_id = pair.posting_id
join opps_code on opps_code.release_id = pair.other_posting_id and opps_code.hcpcs_code = asc_fee.hcpcs_code
where asc_fee.payment_indicator in ('H2', 'K2') and opps_code.payment_rate is not null
  and asc_fee.hcpcs_code not in (
    select drug_limit.hcpcs_code
    from drug_limit
    join release as limit_release on limit_release.posting_id = drug_limit.release_id
    join release as fee_release on fee_release.posting_id = asc_fee.release_id
    where fee_release.effective_from between limit_release.effective_from and limit_release.effective_to
  )
