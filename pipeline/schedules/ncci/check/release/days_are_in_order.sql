-- severity: error above 0.1%
-- No edit ends before it begins.
-- source: not measured of whole files, so that few are a warning; such an edit is in force on no day
-- payment: of days of service in the past.
select file_kind, source_line,
  format('{} and {}: the edit ends on {}, before it begins on {}', column1, column2, effective_to, effective_from) as finding
from stage.ncci
where effective_to < effective_from
