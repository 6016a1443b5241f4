-- severity: warning
-- The primary code is CCCCC exactly where the type is 2.
-- source: 48 pairs of 2024Q2 have CCCCC (a public loader), and a description of 2026Q2 says it of type 2
-- payment: whether an add-on code needs one of the primary codes that are listed.
select 'aoc' as file_kind, source_line,
  format('{} has type {} and the primary code {}', add_on, add_on_type, primary_code) as finding
from stage.aoc
where (add_on_type = '2') <> (primary_code = 'CCCCC')
