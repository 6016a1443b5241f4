-- Every class of every code of the release. Where CMS says that there is no family, the text is ''.
-- latest_flag: files of early years have none; then the class that began last is the latest.
select
  this_release.release_id,
  rbcs.hcpcs_code,
  rbcs.effective_from,
  rbcs.effective_to,
  rbcs.rbcs_id,
  rbcs.category_code,
  if(rbcs.category ilike 'no rbcs %', '', rbcs.category) as category,
  rbcs.subcategory_code,
  if(rbcs.subcategory ilike 'no rbcs %', '', rbcs.subcategory) as subcategory,
  rbcs.family_number,
  if(rbcs.family ilike 'no rbcs %', '', rbcs.family) as family,
  rbcs.major_indicator,
  rbcs.major_indicator = 'M' as is_major,
  case rbcs.latest_flag
    when '1' then true
    when '0' then false
    else rbcs.effective_from = max(rbcs.effective_from) over (partition by rbcs.hcpcs_code)
  end as is_latest_assignment,
  rbcs.added_on,
  rbcs.terminated_on,
  rbcs.first_release_year,
  rbcs.alternative_flag,
  rbcs.reassigned_flag,
  $code_system as code_system,
  this_release.main_file as source_file,
  rbcs.source_line
from stage.rbcs as rbcs
cross join this_release
