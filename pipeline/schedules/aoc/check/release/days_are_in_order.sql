-- severity: error above 1%
-- No pair ends before it begins.
-- source: not measured, so that few are a warning; such a pair is in force on no day
-- payment: of add-on codes on days in the past.
select 'aoc' as file_kind, source_line,
  format('{} with {}: the pair ends on {}, before it begins on {}', add_on, primary_code, edit_deleted_on, effective_from) as finding
from stage.aoc
where edit_deleted_on < effective_from
