-- Every ZIP code that is rural or of a former bidding area; one that is both breaks a check.
select
  this_release.release_id,
  zip_code,
  coalesce(area.state, rural.state) as state,
  rural.zip_code is not null as is_rural,
  coalesce(area.cba, '') as cba,
  coalesce(area.cba_name, '') as cba_name
from stage.dme_rural_zip as rural
full join stage.dme_cba_zip as area using (zip_code)
cross join this_release
