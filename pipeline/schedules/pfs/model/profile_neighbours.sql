-- The nearest peers of each ranked code by work RVU in its section: up to three before it and
-- three after it in the order of work and code, each list in that order.
select
  hcpcs_code,
  array_to_string(list(hcpcs_code) over before, ',') as neighbours_below,
  array_to_string(list(hcpcs_code) over after, ',') as neighbours_above
from work_rvu_rank
where work_rvu is not null
window
  before as (partition by section order by work_rvu, hcpcs_code rows between 3 preceding and 1 preceding),
  after as (partition by section order by work_rvu, hcpcs_code rows between 1 following and 3 following)
