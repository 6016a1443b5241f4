-- Each line that an edit has something to say of, with the first that denies it; gate 0 denies nothing.
with said as ($parts),
ranked as (
  select
    said.*,
    row_number() over (partition by line_id order by case when edit_gate = 0 then 1 else 0 end, edit_gate, denied_by) as choice
  from said
)
select line_id, edit_gate, denied_by
from ranked
where choice = 1
