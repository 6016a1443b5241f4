-- Every code and modifier of the release with its rate.
-- rate: where the contractor sets it the file has 0, which is no price.
select
  this_release.release_id,
  clfs.hcpcs_code,
  clfs.modifier,
  clfs.effective_from,
  clfs.rate_indicator,
  case when clfs.rate_indicator = 'L' then 'contractor_priced' when clfs.rate is null then 'no_fee_published' else 'priced' end as price_status,
  if(clfs.rate_indicator = 'L', null, clfs.rate) as rate,
  clfs.description,
  clfs.long_description,
  clfs.extended_description,
  if(this_release.is_sample, 'own', 'cms') as description_status,
  $code_system as code_system,
  this_release.main_file as source_file,
  clfs.source_line
from stage.clfs as clfs
cross join this_release
