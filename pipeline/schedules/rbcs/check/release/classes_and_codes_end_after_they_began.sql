-- severity: error
-- No class and no code ends before it began.
-- source: what the columns mean; no file of CMS was at hand
-- payment: none; columns of days that were exchanged.
select 'rbcs' as file_kind, source_line,
  format('{}: the class is from {} to {}, the code from {} to {}', hcpcs_code, effective_from, coalesce(effective_to::varchar, 'no end'), added_on, coalesce(terminated_on::varchar, 'no end')) as finding
from stage.rbcs
where effective_to < effective_from or terminated_on < added_on
