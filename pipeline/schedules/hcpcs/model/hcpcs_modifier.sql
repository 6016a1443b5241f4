-- Every modifier of the release. $listed is listed_record.sql.
select
  this_release.release_id,
  hcpcs_code as modifier,
  description,
  long_description,
  coverage_code,
  statute,
  coverage_manual_sections,
  carriers_manual_sections,
  cross_references,
  processing_note,
  added_on,
  action_effective_on,
  terminated_on,
  action_code,
  this_release.main_file as source_file,
  source_line
from $listed
cross join this_release
where not is_code
