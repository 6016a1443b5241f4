-- Every row of rvu (a code by itself or with a modifier), once for all releases. The rows of the
-- oldest release come first and those that a later one adds after them, so that a new release
-- moves none.
with numbered as (
  select release_id, row_number() over (order by effective_from, release_id) as number
  from release
  where schedule = 'pfs' and is_current
)
select
  hcpcs_code, modifier, arg_max(section, number) as section,
  row_number() over (order by min(number), hcpcs_code, modifier) as place
from rvu
join numbered using (release_id)
group by hcpcs_code, modifier
order by place
