-- Every code of every release: what the last one that lists it calls it, where the text may be shown, and
-- the numbers of the first and the last release that list it, counted from the oldest.
with listed as (
  select
    hcpcs_code, min(first_number) as first_number, max(last_number) as last_number,
    bool_or(is_withheld) as is_withheld
  from site_row
  group by hcpcs_code
)
select hcpcs_code, rvu.section, rvu.subsection, rvu.description, first_number, last_number, is_withheld
from listed
join numbered_release as last_release on last_release.number = last_number
join site_rvu as rvu using (release_id, hcpcs_code)
qualify row_number() over (partition by hcpcs_code order by rvu.modifier) = 1
order by hcpcs_code
