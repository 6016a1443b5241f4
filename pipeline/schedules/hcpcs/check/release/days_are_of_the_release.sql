-- severity: error
-- No code was added and no change took effect after the last day of the quarter in which the release begins.
-- source: 15,646 of 15,646 records of HCPCS19Q1 and HCPCS25Q4; none is later than the first day
-- payment: all of it, of another quarter.
select 'hcpcs' as file_kind, source_line,
  format('{} was added on {} and changed on {}, after the quarter from {}', hcpcs_code, added_on, action_effective_on, this_release.effective_from) as finding
from stage.hcpcs
cross join this_release
where greatest(added_on, action_effective_on) >= this_release.effective_from + interval 3 month
