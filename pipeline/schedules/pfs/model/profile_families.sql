-- The endoscopic families: each base and each member of a family with the members of it.
with family as (
  select
    endoscopic_base_code,
    array_to_string(list(distinct hcpcs_code order by hcpcs_code), ',') as endoscopic_family,
    cast(count(distinct hcpcs_code) as integer) as endoscopic_family_count
  from rvu
  where endoscopic_base_code <> ''
  group by endoscopic_base_code
)
select distinct hcpcs_code, endoscopic_family, endoscopic_family_count
from (
  select hcpcs_code, endoscopic_base_code from rvu where endoscopic_base_code <> ''
  union all
  select endoscopic_base_code, endoscopic_base_code from family
)
join family using (endoscopic_base_code)
