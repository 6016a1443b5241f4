-- Every row of rvu (a code by itself or with a modifier), once for all releases: the numbers of the first
-- and the last release that list it, counted from the oldest, and whether any text of it is withheld.
-- The rows of the oldest release come first and those that a later one adds after them, so that a new
-- release moves none.
select
  hcpcs_code, modifier, arg_max(section, number) as section,
  min(number) as first_number, max(number) as last_number,
  bool_or(description_status = 'withheld') as is_withheld,
  row_number() over (order by min(number), hcpcs_code, modifier) as place
from site_rvu
join numbered_release using (release_id)
group by hcpcs_code, modifier
order by place
