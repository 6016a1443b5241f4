-- severity: error above 0.5% from 2020
-- The pre-, intra- and postoperative shares sum to 1 in a 10- or 90-day global period or are all 0, and are 0 elsewhere.
-- source: pfs-rules 2, invariant 5
-- payment: of modifiers 54 and 55. CMS breaks it nowhere in hand; few broken rows are listed, many are a shifted column.
select 'pprrvu' as file_kind, source_line,
  format('{} {} (global {}): the shares sum to {}', hcpcs_code, modifier, global_days, total::varchar) as finding
from (select *, preoperative_share + intraoperative_share + postoperative_share as total from stage.pprrvu)
where not (total = 0 or (total = 1 and global_days in ('010', '090')))
