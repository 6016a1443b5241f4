-- severity: error
-- Each code of a release has one latest class.
-- payment: none; our own rule, which is never open.
select release_id, format('{} has {} latest classes', hcpcs_code, count(*) filter (is_latest_assignment)) as finding
from code_category
group by release_id, hcpcs_code
having count(*) filter (is_latest_assignment) <> 1
