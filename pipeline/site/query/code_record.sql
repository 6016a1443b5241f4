-- The record of each code that begins with $first, in each volume of $years years: its runs as JSON, oldest first.
select
  year(effective_from) // $years * $years as volume, hcpcs_code,
  '[' || string_agg(run, ',' order by number) || ']' as record
from site_run
join numbered_release using (number)
where starts_with(hcpcs_code, $first)
group by volume, hcpcs_code
order by volume, hcpcs_code
