-- The base codes of endoscopic families, by the releases in which they are such.
with base_code as (
  select distinct release_id, endoscopic_base_code from site_rvu where endoscopic_base_code <> ''
),
by_code as (
  select endoscopic_base_code, string_agg(release_id, ' ' order by release_id) as releases from base_code group by all
)
select releases, string_agg(endoscopic_base_code, ' ' order by endoscopic_base_code) as codes
from by_code
group by releases
order by releases
