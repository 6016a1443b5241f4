-- severity: warning
-- A release that changes any value changes those of more than five codes against the one before it of its year.
-- source: pfs-rules 8. A few values alone may be a damaged or edited file, which no rule within a release sees.
-- payment: of the codes named, if CMS did not change them.
with few as (
  select release_id, previous_release_id, count(distinct hcpcs_code) as codes
  from rvu_change
  join release as after using (release_id)
  join release as before on before.release_id = rvu_change.previous_release_id
  where after.is_current and before.is_current and before.calendar_year = after.calendar_year
    and change_kind not in ('added', 'removed')
    and (change_kind = 'status_changed' or changed_values <> '' or changed_indicators not in ('', 'description'))
  group by all
  having codes <= 5
),
changed as (
  select
    release_id, previous_release_id, codes, hcpcs_code, modifier,
    string_agg(
      format('{} {} to {}', column_name, coalesce(nullif(value_before, ''), 'blank'), coalesce(nullif(value_after, ''), 'blank')),
      ', ' order by column_name
    ) as changes
  from rvu_value_change join few using (release_id, previous_release_id)
  group by all
)
select release_id,
  format('{}: {}; {} since {}, and CMS normally changes more from one release to the next: compare with CMS''s own file',
    concat_ws('-', hcpcs_code, nullif(modifier, '')), changes,
    if(codes = 1, 'no other code changed', format('only {} codes changed', codes)), previous_release_id) as finding
from changed
