-- severity: error above 0.5%
-- A technical component has no physician work: TC rows, and codes with PC/TC indicator 3.
-- source: pfs-rules 2, invariant 4
-- payment: the totals prove the RVUs, so that the indicator or modifier is what is wrong. CMS breaks it nowhere in hand.
select 'pprrvu' as file_kind, source_line,
  format('{} {} is technical and has work RVU {}', hcpcs_code, modifier, work_rvu::varchar) as finding
from stage.pprrvu
where (modifier = 'TC' or pctc_indicator = '3') and work_rvu > 0
