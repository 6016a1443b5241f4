-- Which columns differ, and in how many rows that both releases have.
select column_name as "column", count(*) as "rows"
from (
  select unnest(string_split(concat_ws(',', nullif(changed_values, ''), nullif(changed_indicators, '')), ',')) as column_name
  from $changes
)
where column_name <> ''
group by column_name
order by "rows" desc, column_name
