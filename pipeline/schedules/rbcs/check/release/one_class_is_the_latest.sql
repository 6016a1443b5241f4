-- severity: error
-- Of each code one class is the latest, where the file says it: the one that began last.
-- source: three public loaders take the rows marked 1 for the classes of today, one a code; no file of CMS was at hand
-- payment: none; a code would have no class, or two.
select 'rbcs' as file_kind, min(source_line) as source_line,
  format('{} has {} latest classes among {}, and the last begins on {}', hcpcs_code, count(*) filter (latest_flag = '1'), count(*), max(effective_from)) as finding
from stage.rbcs
where exists (from stage.rbcs where latest_flag <> '')
group by hcpcs_code
having count(*) filter (latest_flag = '1') <> 1 or max(effective_from) filter (latest_flag = '1') <> max(effective_from)
