-- The amounts of CMS's file as they stand in it.
select
  this_release.release_id, afs.hcpcs_code, afs.mac, afs.locality_number, afs.rvu, afs.gpci, afs.base_amount,
  afs.urban_amount, afs.rural_amount, afs.super_rural_amount, afs.rural_first_miles_amount,
  this_release.main_file as source_file, afs.source_line
from stage.afs as afs
cross join this_release
