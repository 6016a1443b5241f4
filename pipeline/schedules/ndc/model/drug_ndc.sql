-- Every code and package of the release. Only a number of 5, 4 and 2 digits is a National Drug Code.
select
  this_release.release_id,
  ndc.hcpcs_code,
  ndc.ndc_text,
  if(regexp_full_match(ndc.ndc_text, '[0-9]{5}-[0-9]{4}-[0-9]{2}'), replace(ndc.ndc_text, '-', ''), null) as ndc11,
  ndc.labeler,
  ndc.drug_name,
  trim(replace(ndc.dosage_text, chr(160), ' ')) as dosage_text,
  ndc.package_size,
  ndc.package_quantity,
  ndc.billing_units,
  ndc.billing_units_per_package,
  ndc.description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  this_release.main_file as source_file,
  ndc.source_line
from stage.ndc as ndc
cross join this_release
