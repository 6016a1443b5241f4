-- Every APC of an Addendum A.
-- code_system: the title of an APC for one drug is the short descriptor of its code, and belongs to
-- whoever owns that.
select
  this_release.release_id,
  apcs.* exclude (file_kind),
  if(this_release.is_sample, 'own', 'cms') as description_status,
  if(
    exists (
      from stage.addendum_b as codes
      where codes.apc = apcs.apc
        and not regexp_full_match(codes.hcpcs_code, '[A-CE-Z][0-9]{4}')
        and (codes.description = apcs.apc_title or codes.status_indicator in ('G', 'K', 'K1'))
    ),
    'CPT', 'HCPCS'
  ) as code_system
from stage.addendum_a as apcs
cross join this_release
