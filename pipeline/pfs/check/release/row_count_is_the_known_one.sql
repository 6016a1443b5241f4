-- severity: error
-- A posting whose rows were counted before has as many again: a file that was cut short at the end of a line breaks no other rule.
select found.file_kind, null as source_line,
  format('the file has {} rows, but {} are known for {}', found.row_count, known.row_count, known.posting_id) as finding
from (
  select 'pprrvu' as file_kind, count(*) as row_count from stage.pprrvu
  union all
  select 'pprrvu_qpp', count(*) from stage.pprrvu_qpp having count(*) > 0
) as found
join known_row_count as known using (file_kind)
join this_release using (posting_id)
where found.row_count <> known.row_count
