-- What $release changed of each code that it lists, with the names of the columns that changed in all
-- of its rows (work_rvu, TC:supervision_indicator; listed where a row came or went). Where the row that
-- stands for the code is as before, or only its amount is another, the change is that of its parts.
with history as (
  select * from $compared as compared where release_id = $release
),
named as (
  select
    hcpcs_code, modifier, change_kind,
    case
      when change_kind in ('added', 'removed') then ['listed']
      else [
        name for name in string_split(concat_ws(',', if(change_kind = 'status_changed', 'status_code', ''), changed_values, changed_indicators), ',')
        if name <> ''
      ]
    end as names
  from rvu_change
  where release_id = $release
),
part as (
  select
    named.hcpcs_code,
    flatten(list(
      [if(named.modifier = history.modifier, '', named.modifier || ':') || name for name in names]
      order by named.modifier
    )) as names,
    min(case
      when named.modifier = history.modifier then null
      when change_kind = 'revalued' then 'revalued'
      when change_kind in ('factor_only', 'description_only') then null
      else 'indicators_only'
    end) as part_kind
  from named
  join history using (hcpcs_code)
  group by named.hcpcs_code
)
select
  history.* exclude (change_from_previous, vanished_release_id),
  case
    when change_from_previous in ('unchanged', 'factor_only', 'description_only') then coalesce(part_kind, change_from_previous)
    else change_from_previous
  end as change_from_previous,
  if(change_from_previous in ('added', 'first_loaded'), '', array_to_string(list_distinct(names), ',')) as changed_names
from history
left join part using (hcpcs_code)
