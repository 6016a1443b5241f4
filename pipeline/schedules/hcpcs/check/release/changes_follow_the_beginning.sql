-- severity: error above 0.5%
-- The last change of a code took effect on the day on which it was added or later.
-- source: all of HCPCS19Q1 and HCPCS25Q4 but E0910, E1050, S0091, S0092 and S0093
-- payment: of claims on days on which the code is taken for unknown.
select 'hcpcs' as file_kind, source_line, format('{} was added on {}, and changed on {}', hcpcs_code, added_on, action_effective_on) as finding
from stage.hcpcs
where action_effective_on < added_on
