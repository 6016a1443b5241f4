-- Every row of rvu (a code by itself or with a modifier), once for all releases. The rows of the
-- oldest release come first and those that a later one adds after them, so that a new release
-- moves none.
select
  hcpcs_code, modifier, arg_max(section, number) as section,
  row_number() over (order by min(number), hcpcs_code, modifier) as place
from rvu
join numbered_release using (release_id)
group by hcpcs_code, modifier
order by place
