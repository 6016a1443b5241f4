-- The localities of a release in the order of the payments by place, each with its indices and its
-- anesthesia factors. A release without the file of names takes those of site_place_name.
select
  mac || '-' || locality_number as locality,
  coalesce(nullif(locality.state, ''), named.state, '') as state,
  coalesce(nullif(locality.locality_name, ''), named.locality_name, '') as locality_name,
  cast(work_gpci as varchar), cast(pe_gpci as varchar), cast(mp_gpci as varchar),
  cast(anesthesia_conversion_factor as varchar), cast(qp_anesthesia_conversion_factor as varchar)
from locality
left join site_place_name as named using (mac, locality_number)
where release_id = $release_id
order by mac, locality_number
