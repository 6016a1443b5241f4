-- search_code
-- Every code of every release: what it is called where the text may be shown, and the numbers of
-- the first and the last release that list it, counted from the oldest.
with called as (
  select hcpcs_code, section, subsection, description, description_status, number
  from site_rvu
  join numbered_release using (release_id)
  qualify row_number() over (partition by number, hcpcs_code order by modifier) = 1
)
select
  hcpcs_code, arg_max(section, number), arg_max(subsection, number), arg_max(description, number),
  min(number), max(number), bool_or(description_status = 'withheld')
from called
group by hcpcs_code
order by hcpcs_code
