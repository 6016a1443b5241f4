-- The fees of places, of the items that lines have on their days ($statements).
select rate.*
from $statements as rate
join (
  select distinct schedule, release_id, hcpcs_code from own_key where located_by <> '' or has_areas
) as used
  on used.schedule = rate.schedule and used.release_id = rate.release_id and used.hcpcs_code = rate.hcpcs_code
