-- severity: note
-- Every code that a rule in force names is in the latest release.
-- payment: none.
select vanished_in_release_id as release_id, format('{} names {}, which is {}', curated_table, hcpcs_code, if(code_presence = 'vanished', 'last in ' || last_release_id, 'in no loaded release')) as finding
from curated_code
where is_in_use and code_presence <> 'present' and not starts_with(curated_table, 'annotation')
  and not (select bool_or(is_sample) from release where schedule = 'pfs')
