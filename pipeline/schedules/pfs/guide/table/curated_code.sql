-- Every code that a curated table names, with the first and last loaded release that has it.
with named as (
  select 'time_rule' as curated_table, hcpcs_code, effective_to is null as is_in_use from time_rule
  union all
  select 'bundled_service', hcpcs_code, effective_to is null from bundled_service
  union all
  select 'care_decision', hcpcs_code, effective_to is null from care_decision
  union all
  select 'code_family', hcpcs_code, true from code_family
  union all
  select 'annotation', subject, true from annotation where subject_kind = 'code'
  union all
  select 'annotation_reference', related_code, true from annotation where related_code <> ''
),
posting as (
  select release_id, row_number() over (order by effective_from, released_on) as place
  from release
  where schedule = 'pfs' and is_current
),
seen as (
  select hcpcs_code, min(place) as first_place, max(place) as last_place
  from rvu join posting using (release_id)
  where hcpcs_code in (select hcpcs_code from named)
  group by hcpcs_code
)
select
  curated_table,
  hcpcs_code,
  is_in_use,
  case
    when last_place is null then 'unknown'
    when after_last.release_id is null then 'present'
    else 'vanished'
  end as code_presence,
  coalesce(first_seen.release_id, '') as first_release_id,
  coalesce(last_seen.release_id, '') as last_release_id,
  coalesce(after_last.release_id, '') as vanished_in_release_id
from (select curated_table, hcpcs_code, bool_or(is_in_use) as is_in_use from named group by all)
left join seen using (hcpcs_code)
left join posting as first_seen on first_seen.place = first_place
left join posting as last_seen on last_seen.place = last_place
left join posting as after_last on after_last.place = last_place + 1
