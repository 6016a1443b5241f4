-- severity: error
-- The files f1, f2, ... make the whole table: none is missing between them, the column-one codes of each lie behind those of the one before, and the last reaches the codes that begin with a letter.
-- source: CMS's page names the first and the last pair of each file, from 0001A to codes of HCPCS Level II (public quotes of it); four files in every quarter that loaders tell of
-- payment: a pair that is missing would be taken for one without an edit.
with part as (
  select file_kind, split_part(file_kind, '_', 2)::integer as number, min(column1) as begins, max(column1) as ends
  from stage.ncci
  group by file_kind
),
neighbour as (
  select *, lag(number) over by_number as number_before, lag(ends) over by_number as ends_before
  from part
  window by_number as (order by number)
),
missing as (
  select unnest(range(coalesce(number_before, 0) + 1, number)) as number from neighbour
  union
  select max(number) + 1 from part having max_by(ends, number) < 'A'
),
unread as (
  select split_part(file_kind, '_', 2)::integer as number, string_agg(reason, '; ' order by reason) as reasons
  from stage.unread_file
  group by file_kind
)
select 'ncci_1' as file_kind, null as source_line,
  format(
    'file f{} of the table is missing{}: of a pair that it has nobody could say that there is no edit', number,
    coalesce(' (it was not read: ' || reasons || ')', '')
  ) as finding
from missing
left join unread using (number)
union all
select file_kind, null as source_line,
  format('file f{} begins with {}, before {}, with which f{} ends: they are no parts of one table', number, begins, ends_before, number_before) as finding
from neighbour
where begins < ends_before
