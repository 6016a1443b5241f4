-- Every code of the release with its limit.
select
  this_release.release_id,
  this_release.series as setting,
  mue.hcpcs_code,
  mue.units,
  if(mue.units = 0, 'never_payable', 'limited') as limit_status,
  left(mue.adjudication, 1) as adjudication_indicator,
  mue.rationale,
  this_release.main_file as source_file,
  mue.source_line
from stage.mue as mue
cross join this_release
