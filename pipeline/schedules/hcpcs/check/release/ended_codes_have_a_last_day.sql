-- severity: error above 0.5%
-- What ends with the release (action D) has a last day, the one before the action; what is added (A) begins with it.
-- source: 56 of 56 that end and 304 of 304 that are added, of HCPCS19Q1 and HCPCS25Q4
-- payment: of claims after the last day or before the first.
select 'hcpcs' as file_kind, source_line,
  format('{} has the action {} of {}, was added on {} and ended on {}', hcpcs_code, action_code, action_effective_on, added_on, coalesce(terminated_on::varchar, 'no day')) as finding
from stage.hcpcs
where (action_code = 'D' and terminated_on is distinct from action_effective_on - 1)
  or (action_code = 'A' and added_on is distinct from action_effective_on)
