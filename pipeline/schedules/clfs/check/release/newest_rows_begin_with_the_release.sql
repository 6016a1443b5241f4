-- severity: warning
-- Some rows begin on the first day of their release: where none does, the file may be of an earlier quarter.
-- source: 25 of CLFS25Q4, 17 of CLFS26Q2; a January release restates them all
-- payment: all of it, if it is of another quarter.
select 'clfs' as file_kind, null as source_line,
  format('the newest rows begin on {}, and the release on {}', max(clfs.effective_from), this_release.effective_from) as finding
from stage.clfs as clfs
cross join this_release
where not this_release.is_sample
group by this_release.effective_from
having max(clfs.effective_from) < this_release.effective_from
