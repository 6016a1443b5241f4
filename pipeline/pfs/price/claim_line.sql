-- The claim lines with what groups them for the same-day rules: one patient, one rendering
-- provider, one day. Where a line does not name both, its claim stands for them.
select
  incoming_line.*,
  patient_id = '' or provider_id = '' as is_grouped_by_claim,
  case when patient_id = '' or provider_id = '' then claim_id else patient_id end as patient_key,
  case when patient_id = '' or provider_id = '' then '' else provider_id end as provider_key
from incoming_line
