-- severity: error
-- The rate is 0 exactly where the contractor sets it (indicator L).
-- source: 6,415 of 6,415 rows of CLFS25Q1, CLFS25Q4 and CLFS26Q2
-- payment: a price of 0 dollars, or one that is no price.
select 'clfs' as file_kind, source_line,
  format('{} has the indicator {} and the rate {}', concat_ws(' ', hcpcs_code, nullif(modifier, '')), rate_indicator, rate::varchar) as finding
from stage.clfs
where (rate_indicator = 'L') <> (rate = 0)
