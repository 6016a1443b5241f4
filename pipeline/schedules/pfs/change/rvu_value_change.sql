-- Each value of rvu that differs between two releases, of the services that both have. $changes is
-- rvu_change, whose lists name the columns; $value_before and $value_after give the value of the column
-- named on the side before and after. Descriptions are words, and no value.
select
  changed.release_id, changed.previous_release_id, changed.hcpcs_code, changed.modifier, changed.column_name,
  coalesce($value_before, '') as value_before,
  coalesce($value_after, '') as value_after
from (
  select
    release_id, previous_release_id, hcpcs_code, modifier,
    unnest(string_split(
      concat_ws(',', case when change_kind = 'status_changed' then 'status_code' end, nullif(changed_values, ''), nullif(changed_indicators, '')),
      ','
    )) as column_name
  from $changes
  where change_kind not in ('added', 'removed')
) as changed
join rvu as before
  on before.release_id = changed.previous_release_id
  and before.hcpcs_code = changed.hcpcs_code and before.modifier = changed.modifier
join rvu as after
  on after.release_id = changed.release_id
  and after.hcpcs_code = changed.hcpcs_code and after.modifier = changed.modifier
where changed.column_name not in ('', 'description')
