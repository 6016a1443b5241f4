-- severity: warning
-- Some changes take effect on the first day of the release: where none does, the file may be of an earlier quarter.
-- source: 370 records of HCPCS19Q1 and 95 of HCPCS25Q4
-- payment: all of it, if it is of another quarter.
select 'hcpcs' as file_kind, null as source_line,
  format('the newest changes took effect on {}, and the release begins on {}', max(action_effective_on), this_release.effective_from) as finding
from stage.hcpcs
cross join this_release
where not this_release.is_sample
group by this_release.effective_from
having max(action_effective_on) < this_release.effective_from
