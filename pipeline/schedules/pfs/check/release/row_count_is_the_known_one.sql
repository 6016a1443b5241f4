-- severity: warning
-- A posting whose rows were counted before has no fewer: a file that was cut short at the end of a line breaks no other rule.
-- Rows that were set aside count; more rows than known are another issue of the same posting. A file in
-- several forms needs no such proof: they were compared, and an earlier issue may be shorter.
-- payment: of the rows that are missing. CMS posts again under one date, so that a count is evidence and no proof.
select file_kind, null as source_line,
  format('the file has {} rows, but {} are known for {}: another issue, or it was cut short', found.row_count, known.row_count, known.posting_id) as finding
from stage.row_count as found
join known_row_count as known using (file_kind)
join this_release using (posting_id)
where found.row_count < known.row_count and found.form_count = 1
