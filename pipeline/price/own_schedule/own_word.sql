-- What is said of the lines that schedules of their own pay, each once, numbered.
select
  own_gate, schedule, own_rules, is_own_provisional, own_notes,
  cast(row_number() over (order by own_gate, schedule, own_rules, is_own_provisional, own_notes) as integer) as word_number
from (
  select distinct own_gate, schedule, own_rules, is_own_provisional, own_notes from own_line
) as said
