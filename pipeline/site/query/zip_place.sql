-- The locality of every ZIP code from the first ZIP file that says so; '' where only nine digits
-- tell, and then those that it lies in as far as the nine digits are loaded.
with nine as (
  select zip_code, string_agg(distinct mac || '-' || locality_number, ' ' order by mac || '-' || locality_number) as localities
  from zip9_locality group by zip_code
),
placed as (
  select
    zip.zip_code, zip.effective_from,
    case when zip4_decides then '' else mac || '-' || locality_number end as locality,
    case when zip4_decides then coalesce(nine.localities, mac || '-' || locality_number) else '' end as localities
  from zip_locality as zip
  left join nine using (zip_code)
),
changed as (
  select *, lag(locality) over (partition by zip_code order by effective_from) as before from placed
)
select zip_code, cast(effective_from as varchar) as effective_from, locality, localities
from changed
where before is null or before <> locality
order by zip_code, effective_from
