-- Every edit of the release, those that are deleted among them.
select
  this_release.release_id,
  this_release.series as setting,
  edit.column1,
  edit.column2,
  edit.effective_from,
  edit.effective_to,
  case
    when edit.effective_to is null then 'in_force'
    when edit.effective_to = edit.effective_from and edit.modifier_indicator = '9' then 'never_in_force'
    else 'deleted'
  end as edit_status,
  edit.modifier_indicator,
  edit.rationale,
  edit.before_1996,
  edit.source_file,
  edit.source_line
from stage.ncci as edit
cross join this_release
