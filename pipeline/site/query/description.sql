-- What each code of a release is called, where the text may be shown.
select hcpcs_code, section, subsection, description
from site_rvu
where release_id = $release_id
qualify row_number() over (partition by hcpcs_code order by modifier) = 1
order by hcpcs_code
