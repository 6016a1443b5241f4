-- What the localities are called: the name of the last release that has names, and the state of that
-- or of the ZIP codes.
with named as (
  select
    mac, locality_number,
    arg_max(state, effective_from) as state, arg_max(locality_name, effective_from) as locality_name
  from locality
  join release using (release_id)
  where locality_name <> ''
  group by all
),
of_zips as (
  select mac, locality_number, mode(state) as state from zip_locality group by all
)
select
  mac, locality_number, coalesce(named.state, of_zips.state, '') as state, coalesce(named.locality_name, '') as locality_name
from named
full join of_zips using (mac, locality_number)
order by all
