-- A hash of what the localities are called, which is part of every release's pages.
select md5(coalesce(string_agg(to_json(site_place_name), ',' order by mac, locality_number), ''))
from site_place_name
