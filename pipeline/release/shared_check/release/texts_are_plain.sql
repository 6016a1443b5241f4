-- severity: warning
-- No name, description or note begins with what a spreadsheet takes for a formula (=, +, @, - or a tab), and none holds a character that is not seen: of control, or of the direction of writing.
-- source: none of CMS's does in the files in hand of any schedule. The texts are those of the columns with free_text.
-- payment: none.
select
  file_kind, source_line,
  if(
    regexp_matches(words, '^[=+@\t\r-]'),
    place || ' begins like the formula of a spreadsheet',
    place || ' holds a character that is not seen'
  ) as finding
from ($texts)
where regexp_matches(words, '^[=+@\t\r-]|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]')
