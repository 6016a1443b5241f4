-- severity: error
-- CCCCC, which says that the contractor defines the codes, stands for primary codes alone.
-- source: expert knowledge; public loaders tell of it in the column of primary codes only
-- payment: every pair, where the two columns of codes are exchanged.
select 'aoc' as file_kind, source_line, format('the add-on code to {} is CCCCC, which is no code', primary_code) as finding
from stage.aoc
where add_on = 'CCCCC'
