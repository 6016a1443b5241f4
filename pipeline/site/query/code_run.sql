-- The run of each code of which $release says something else than $before, the release before it, or
-- that it lists no more, as JSON: the release, then the values that are others by the number of their
-- column, and what changed, if anything did. The release alone says that the code is listed no more.
with changed as (
  select
    hcpcs_code,
    [
      change_from_previous, coalesce(changed_names, ''),
      cast(nonfacility_payment_change as varchar), cast(round(nonfacility_due_to_rvu, 2) as varchar),
      cast(round(nonfacility_due_to_conversion_factor, 2) as varchar), cast(facility_payment_change as varchar),
      cast(round(facility_due_to_rvu, 2) as varchar), cast(round(facility_due_to_conversion_factor, 2) as varchar)
    ] as change
  from site_change
  where change_from_previous not in ('first_loaded', 'unchanged')
),
beside as (
  select hcpcs_code, now.cells, former.cells as former, changed.change, now.release_id is null as is_gone
  from (from site_cell where release_id = $release) as now
  full join (from site_cell where release_id = $before) as former using (hcpcs_code)
  left join changed using (hcpcs_code)
)
select
  hcpcs_code,
  '["' || $release || '"' ||
  case when is_gone then '' else
    ',{' || array_to_string(
      [
        '"' || n || '":' || cast(to_json(coalesce(cells[n], '')) as varchar)
        for n in range(1, len(cells) + 1) if cells[n] is distinct from former[n]
      ], ','
    ) || '}' || coalesce(',' || cast(to_json(change) as varchar), '')
  end || ']' as run
from beside
where is_gone or cells is distinct from former or change is not null
order by hcpcs_code
