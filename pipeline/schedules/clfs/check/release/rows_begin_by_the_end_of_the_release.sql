-- severity: error
-- No row begins after the last day of its release: a later day says that the file is of a later quarter.
-- source: in CLFS25Q1, CLFS25Q4 and CLFS26Q2 none begins after the first day
-- payment: all of it, of another quarter.
select 'clfs' as file_kind, source_line,
  format('{} {} begins on {}, after the quarter from {}', hcpcs_code, modifier, clfs.effective_from, this_release.effective_from) as finding
from stage.clfs as clfs
cross join this_release
where clfs.effective_from >= this_release.effective_from + interval 3 month
