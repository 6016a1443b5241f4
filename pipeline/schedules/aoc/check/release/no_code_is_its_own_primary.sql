-- severity: error
-- An add-on code is not its own primary code.
-- source: what an add-on code is (NCCI Policy Manual, chapter I)
-- payment: an add-on code that would be paid alone.
select 'aoc' as file_kind, source_line, format('{} is its own primary code', add_on) as finding
from stage.aoc
where add_on = primary_code
