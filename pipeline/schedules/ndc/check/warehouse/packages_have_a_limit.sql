-- severity: warning
-- Every code of the crosswalk is in the payment limits of the same quarter, where both are loaded.
-- payment: a package whose code has no limit is not priced by these files.
with limits as (
  select release.effective_from, drug_limit.hcpcs_code from drug_limit join release using (release_id) where is_current
)
select distinct drug_ndc.release_id, format('{} has packages, but no payment limit in its quarter', hcpcs_code) as finding
from drug_ndc
join release using (release_id)
where is_current
  and effective_from in (select effective_from from limits)
  and (effective_from, hcpcs_code) not in (select (effective_from, hcpcs_code) from limits)
