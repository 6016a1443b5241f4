-- Every code that other schedules pay and no release of the Physician Fee Schedule lists: its section, and its
-- name where the text may be shown.
with other as (
  select distinct hcpcs_code
  from site_fee
  where setting in ('office', 'lab', 'supplier', 'ambulance') and amount is not null
    and hcpcs_code not in (select hcpcs_code from site_row)
),
name as (
  select hcpcs_code, arg_max(description, effective_from) as description
  from site_hcpcs_item
  join release using (release_id)
  where release.is_current
  group by hcpcs_code
)
select hcpcs_code, section, subsection, coalesce(description, '')
from other
join code_section
  on hcpcs_code between first_code and last_code
  and code_kind = case
    when regexp_full_match(hcpcs_code, '[0-9]{5}') then 'numeric'
    when regexp_full_match(hcpcs_code, '[0-9]{4}[A-Z]') then 'suffix_' || right(hcpcs_code, 1)
    else 'level_2'
  end
left join name using (hcpcs_code)
order by hcpcs_code
