-- The localities of a release in the order of the payments by place, each with its indices and its
-- anesthesia factors. A release without the file of names takes those of the last one that has them;
-- the state is that of the ZIP codes where no file says it.
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
  mac || '-' || locality_number as locality,
  coalesce(nullif(locality.state, ''), named.state, of_zips.state, '') as state,
  coalesce(nullif(locality.locality_name, ''), named.locality_name, '') as locality_name,
  cast(work_gpci as varchar), cast(pe_gpci as varchar), cast(mp_gpci as varchar),
  cast(anesthesia_conversion_factor as varchar), cast(qp_anesthesia_conversion_factor as varchar)
from locality
left join named using (mac, locality_number)
left join of_zips using (mac, locality_number)
where release_id = $release_id
order by mac, locality_number
