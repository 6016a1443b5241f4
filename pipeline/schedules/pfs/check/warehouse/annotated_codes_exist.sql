-- severity: note
-- Every code that is annotated, or that an annotation points to, is in some loaded release.
-- payment: none.
select '' as release_id, format('{} names {}, which no loaded release has', curated_table, hcpcs_code) as finding
from curated_code
where code_presence = 'unknown' and starts_with(curated_table, 'annotation')
  and not (select bool_or(is_sample) from release where schedule = 'pfs')
