-- severity: warning
-- Less than half of the codes have a limit of 0: more say that units were lost, or that the file is not the whole table.
-- source: 2,642 of 15,095 rows of MUE26Q2P (17.5%)
-- payment: a line that is denied whatever its units.
select 'mue' as file_kind, null as source_line,
  format('{} of {} codes have a limit of 0', count(*) filter (units = 0), count(*)) as finding
from stage.mue
having count(*) filter (units = 0) * 2 > count(*)
