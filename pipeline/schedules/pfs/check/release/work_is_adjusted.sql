-- severity: warning
-- In 2007 and 2008 Medicare multiplied work RVUs with a budget neutrality adjustor before it paid by them; no CMS document of it is at hand.
-- source: pfs-rules 1.3
-- payment: every amount of these two years is computed from paid_work_rvu.
select 'pprrvu' as file_kind, null as source_line,
  format('payments of {} use the work RVUs times {}: {}', calendar_year, work_adjustor::varchar, source) as finding
from work_adjustor join this_release using (calendar_year)
