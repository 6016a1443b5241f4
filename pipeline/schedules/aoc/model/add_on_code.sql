-- Every pair of the release; it ends with the first of what ends: the pair or one of its codes.
select
  this_release.release_id,
  edit.add_on,
  edit.primary_code,
  if(edit.primary_code = 'CCCCC', 'contractor_defined', 'listed') as primary_kind,
  edit.effective_from,
  least(edit.edit_deleted_on, edit.add_on_deleted_on, edit.primary_deleted_on) as effective_to,
  edit.add_on_type,
  edit.add_on_deleted_on,
  edit.primary_deleted_on,
  edit.edit_deleted_on,
  edit.note,
  this_release.main_file as source_file,
  edit.source_line
from stage.aoc as edit
cross join this_release
