-- The notes of lines by number: those of each group of kinds with those that a line decides beside its kind, and
-- those of lines that a schedule of their own pays; behind them the notes on what is paid. $line_number, $plain_number
-- and $line_tables are the notes of lines, each there or not, $paid_number, $paid_texts and $paid_tables those on
-- what is paid.
with said as (
  select
    cast(kind.note_group as bigint) * 64 + $line_number as note_number,
    concat_ws(', ', nullif(plain_note.notes, ''), nullif(kind.notes_about, '')) as notes,
    plain_note.is_provisional or kind.is_about_provisional as is_provisional
  from line_kind as kind
  cross join $line_tables
  join plain_note on plain_note.note_number = kind.kind_note_number + $plain_number
  where kind.kind_number = kind.note_group
  union all
  select cast(word_number as bigint) * -64, own_notes, false
  from own_word
)
select
  said.note_number + $paid_number as note_number,
  concat_ws(', ', nullif(said.notes, ''), $paid_texts) as notes, said.is_provisional
from said
cross join $paid_tables
