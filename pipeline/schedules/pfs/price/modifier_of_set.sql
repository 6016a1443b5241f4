-- Each modifier of each set that occurs on a line, as it is written and as what it is known: there
-- are millions of lines, but few sets.
with modifier_list as (
  -- Most lines have none, which needs no search.
  select distinct modifier_1, modifier_2, modifier_3, modifier_4 from claim_line
  where modifier_1 <> '' or modifier_2 <> '' or modifier_3 <> '' or modifier_4 <> ''
  union all
  select '', '', '', ''
),
each_written as (
  select modifier_1, modifier_2, modifier_3, modifier_4, 'modifier_1' as place, modifier_1 as written from modifier_list
  union all
  select modifier_1, modifier_2, modifier_3, modifier_4, 'modifier_2', modifier_2 from modifier_list
  union all
  select modifier_1, modifier_2, modifier_3, modifier_4, 'modifier_3', modifier_3 from modifier_list
  union all
  select modifier_1, modifier_2, modifier_3, modifier_4, 'modifier_4', modifier_4 from modifier_list
)
-- Small letters mean the same, and 26.0 is what a column of numbers makes of 26. Nothing else
-- is taken for a modifier that it is not.
select
  modifier_1, modifier_2, modifier_3, modifier_4, place, written,
  case when written like '__.0' then substring(written, 1, 2) else upper(written) end as claim_modifier
from each_written
