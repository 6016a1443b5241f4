-- Every code of the release. $listed is listed_record.sql.
select
  this_release.release_id,
  hcpcs_code,
  description,
  long_description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  price_1 as pricing_indicator,
  pricing_indicators,
  multiple_pricing_indicator,
  coverage_code,
  betos,
  types_of_service,
  asc_group,
  asc_from,
  statute,
  coverage_manual_sections,
  carriers_manual_sections,
  lab_certifications,
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
where is_code
