-- of: indicator_value
-- adds: release_id, hcpcs_code
-- What the status, the global period and each other indicator of a code mean in a release.
select meaning.*, listed.release_id, listed.hcpcs_code
from (
  select
    release_id, hcpcs_code,
    unnest([
      {'indicator': 'status_code', 'value': status_code},
      {'indicator': 'global_days', 'value': global_days},
      {'indicator': 'pctc_indicator', 'value': pctc_indicator},
      {'indicator': 'multiple_procedure_indicator', 'value': multiple_procedure_indicator},
      {'indicator': 'bilateral_indicator', 'value': bilateral_indicator},
      {'indicator': 'assistant_surgeon_indicator', 'value': assistant_surgeon_indicator},
      {'indicator': 'co_surgeon_indicator', 'value': co_surgeon_indicator},
      {'indicator': 'team_surgeon_indicator', 'value': team_surgeon_indicator},
      {'indicator': 'supervision_indicator', 'value': supervision_indicator},
      {'indicator': 'imaging_family_indicator', 'value': imaging_family_indicator}
    ]) as listed
  from code_profile
) as listed
join release on release.release_id = listed.release_id and release.is_current
join indicator_value as meaning
  on meaning.indicator = listed.listed.indicator and meaning.value = listed.listed.value
  and coalesce(meaning.effective_from <= release.effective_from, true)
  and coalesce(meaning.effective_to >= release.effective_from, true)
