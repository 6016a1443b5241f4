-- severity: warning
-- No pair and no code has a last day more than ten years after the release: a day like 9999-12-31 stands for none, for which the field is blank.
-- source: expert knowledge; CMS writes the last day when it deletes a pair or a code
-- payment: which pairs count as ended.
select 'aoc' as file_kind, source_line,
  format('{} with {}: the last day is {}', add_on, primary_code, greatest(edit_deleted_on, add_on_deleted_on, primary_deleted_on)) as finding
from stage.aoc
where greatest(edit_deleted_on, add_on_deleted_on, primary_deleted_on) > (select effective_from + interval 10 year from this_release)
