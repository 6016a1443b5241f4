-- compares: excluded from ASC (EE) = inpatient only (status C)
-- with: opps
select
  pair.posting_id as release_id, pair.other_posting_id, '' as part, opps_code.hcpcs_code as record_key, 'hcpcs_code' as column_name,
  'excluded' as our_value, if(asc_excluded.hcpcs_code is null, 'not excluded', 'excluded') as other_value
from $pair as pair
join opps_code on opps_code.release_id = pair.other_posting_id
left join asc_excluded on asc_excluded.release_id = pair.posting_id and asc_excluded.hcpcs_code = opps_code.hcpcs_code
where opps_code.status_indicator = 'C'
