-- Every pair of MAC and locality number that a release or a ZIP file knows, with a number that
-- stands for it in joins.
select mac, locality_number, cast(row_number() over (order by mac, locality_number) as integer) as place_number
from (
  select mac, locality_number from locality
  union
  select mac, locality_number from zip_locality
  union
  select mac, locality_number from zip9_locality
) as known
