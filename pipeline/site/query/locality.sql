-- The localities of a release in the order of the payments by place.
select mac || '-' || locality_number as locality, state, locality_name
from locality
where release_id = $release_id
order by mac, locality_number
