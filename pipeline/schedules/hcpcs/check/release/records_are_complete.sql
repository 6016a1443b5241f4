-- severity: warning
-- Every record has a long descriptor, a short one of at most 28 characters, and an action code.
-- source: 15,646 of 15,646 records of HCPCS19Q1 and HCPCS25Q4
-- payment: none; columns that were emptied, or descriptors that are exchanged.
select 'hcpcs' as file_kind, source_line,
  format('{} has a long descriptor of {} characters, a short one of {} and the action "{}"', hcpcs_code, length(long_description), length(description), action_code) as finding
from stage.hcpcs
where long_description = '' or description = '' or length(description) > 28 or action_code = ''
