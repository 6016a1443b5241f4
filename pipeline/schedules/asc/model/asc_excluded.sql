-- Every code of Addendum EE.
select
  this_release.release_id,
  excluded.hcpcs_code,
  excluded.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  loaded_file.file as source_file,
  excluded.source_line
from stage.asc_ee as excluded
join stage.loaded_file on loaded_file.file_kind = 'asc_ee'
cross join this_release
