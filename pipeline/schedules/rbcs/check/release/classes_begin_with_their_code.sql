-- severity: error above 30%
-- A class begins no earlier than its code.
-- source: the two rows that a public test has; no file of CMS was at hand, so that single rows are only warned of
-- payment: none; columns of first days that were exchanged.
select 'rbcs' as file_kind, source_line,
  format('{} is of class {} from {}, and a code from {}', hcpcs_code, rbcs_id, effective_from, added_on) as finding
from stage.rbcs
where effective_from < added_on
