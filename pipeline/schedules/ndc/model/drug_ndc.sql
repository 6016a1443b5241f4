-- Every code and package of the release. Only a number of 5, 4 and 2 digits is a National Drug Code; a spreadsheet
-- may have dropped zeros in front of its parts, and its hyphens. Skin substitutes (Q4) have other numbers.
select
  this_release.release_id,
  ndc.hcpcs_code,
  ndc.ndc_text,
  case
    when regexp_full_match(ndc.ndc_text, '[0-9]{5}-[0-9]{4}-[0-9]{2}') then replace(ndc.ndc_text, '-', '')
    when starts_with(ndc.hcpcs_code, 'Q4') then null
    when regexp_full_match(ndc.ndc_text, '[0-9]{11}') then ndc.ndc_text
    when regexp_full_match(ndc.ndc_text, '[0-9]{1,5}-[0-9]{1,4}-[0-9]{1,2}')
      then lpad(split_part(ndc.ndc_text, '-', 1), 5, '0') || lpad(split_part(ndc.ndc_text, '-', 2), 4, '0') || lpad(split_part(ndc.ndc_text, '-', 3), 2, '0')
  end as ndc11,
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
