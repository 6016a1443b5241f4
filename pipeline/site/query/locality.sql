-- The localities of a release in the order of the payments by place, each with its indices.
select
  mac || '-' || locality_number as locality, state, locality_name,
  cast(work_gpci as varchar), cast(pe_gpci as varchar), cast(mp_gpci as varchar)
from locality
where release_id = $release_id
order by mac, locality_number
