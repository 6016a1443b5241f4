-- severity: warning
-- CMS divides the table into four files of about the same size; one that is shorter than half of the longest may have been cut off.
-- source: public loaders name f1 to f4 in every quarter from 2024Q2 to 2026Q3; that their sizes are alike is expert knowledge
-- payment: of the pairs that are missing, if any are.
with part as (select file_kind, count(*) as row_count from stage.ncci group by file_kind)
select 'ncci_1' as file_kind, null as source_line,
  format('the table has {} files, which follow on one another and reach its end; until now CMS had four', count(*)) as finding
from part
having count(*) <> 4
union all
select file_kind, null as source_line,
  format('file f{} has {:,} edits, and the longest {:,}', split_part(file_kind, '_', 2), row_count, (select max(row_count) from part)) as finding
from part
where row_count * 2 < (select max(row_count) from part)
