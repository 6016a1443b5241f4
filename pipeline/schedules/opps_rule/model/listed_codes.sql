-- An addendum that lists codes, with whose code and whose words each is. $addendum are its rows.
select
  this_release.release_id,
  addendum.*,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  this_release.main_file as source_file
from $addendum as addendum
cross join this_release
