-- What each code of a release is called, where the text may be shown: own labels and texts of
-- CMS always, those of the AMA and the ADA only with the user's licence.
select hcpcs_code, section, subsection, description
from (
  select
    hcpcs_code, section, subsection,
    if(description_status = 'own' or code_system = 'HCPCS' or $with_licensed_text, description, '') as description
  from rvu
  where release_id = $release_id
  qualify row_number() over (partition by hcpcs_code order by modifier) = 1
)
order by hcpcs_code
