-- What $release says of each code that it lists, as the texts of all columns: $cells, among them the rows
-- of the code, of which each has $row_cells.
with listed as (
  select
    hcpcs_code,
    string_agg(concat_ws('|', $row_cells), ';' order by rvu.modifier) as rows,
    arg_min(rvu.description, rvu.modifier) as label
  from site_rvu as rvu
  join payment_national as national using (release_id, hcpcs_code, modifier)
  where national.is_default_class and release_id = $release
  group by hcpcs_code
)
select $release as release_id, hcpcs_code, [$cells] as cells
from code_profile as profile
join listed using (hcpcs_code)
where profile.release_id = $release
