-- What the releases say of each code that begins with $first, oldest first, as JSON: a list of runs.
-- A run begins with the release in which something is another than in the one before; then come the
-- values that are others, by the number of their column, and what changed, if anything did. A
-- release alone says that the code is listed no more. $cells has the texts of all columns,
-- $row_cells those of one row of rvu.
with listed as (
  select
    release_id, hcpcs_code,
    string_agg(concat_ws('|', $row_cells), ';' order by rvu.modifier) as rows,
    arg_min(rvu.description, rvu.modifier) as label
  from site_rvu as rvu
  join payment_national as national using (release_id, hcpcs_code, modifier)
  where national.is_default_class and starts_with(rvu.hcpcs_code, $first)
  group by release_id, hcpcs_code
),
changed as (
  select
    release_id, hcpcs_code,
    [
      change_from_previous, coalesce(changed_names, ''),
      cast(nonfacility_payment_change as varchar), cast(round(nonfacility_due_to_rvu, 2) as varchar),
      cast(round(nonfacility_due_to_conversion_factor, 2) as varchar), cast(facility_payment_change as varchar),
      cast(round(facility_due_to_rvu, 2) as varchar), cast(round(facility_due_to_conversion_factor, 2) as varchar)
    ] as change
  from site_history
  where starts_with(hcpcs_code, $first) and change_from_previous not in ('first_loaded', 'unchanged')
),
stated as (
  select profile.hcpcs_code, profile.release_id, numbered_release.number, [$cells] as cells, changed.change
  from code_profile as profile
  join numbered_release using (release_id)
  join listed using (release_id, hcpcs_code)
  left join changed using (release_id, hcpcs_code)
  where starts_with(profile.hcpcs_code, $first)
),
beside as (
  select
    *,
    coalesce(lag(number) over in_order = number - 1, false) as goes_on,
    case when goes_on then lag(cells) over in_order end as former,
    lead(number) over in_order is distinct from number + 1 as ends_here
  from stated
  window in_order as (partition by hcpcs_code order by number)
),
run as (
  select
    hcpcs_code, number,
    '["' || release_id || '",{' || array_to_string(
      [
        '"' || n || '":' || cast(to_json(coalesce(cells[n], '')) as varchar)
        for n in range(1, len(cells) + 1) if cells[n] is distinct from former[n]
      ], ','
    ) || '}' || coalesce(',' || cast(to_json(change) as varchar), '') || ']' as run
  from beside
  where cells is distinct from former or change is not null
  union all
  select beside.hcpcs_code, after.number, '["' || after.release_id || '"]'
  from beside
  join numbered_release as after on after.number = beside.number + 1
  where beside.ends_here
)
select hcpcs_code, '[' || string_agg(run, ',' order by number) || ']'
from run
group by hcpcs_code
order by hcpcs_code
