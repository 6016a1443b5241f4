-- Every code of the release with its limit. Of what units a limit is with another indicator is not known.
select
  this_release.release_id,
  this_release.series as setting,
  mue.hcpcs_code,
  mue.units,
  if(mue.units = 0, 'never_payable', 'limited') as limit_status,
  if(regexp_full_match(mue.adjudication, '[123]( .+)?'), left(mue.adjudication, 1), 'unknown') as adjudication_indicator,
  mue.rationale,
  this_release.main_file as source_file,
  mue.source_line
from stage.mue as mue
cross join this_release
