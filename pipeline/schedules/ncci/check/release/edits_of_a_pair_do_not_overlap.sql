-- severity: error above 0.1%
-- No two edits of a pair are in force on one day, in all of the history.
-- source: held of what is in force in 2024Q2; not measured of the past, so that few are a warning
-- payment: of days of service in the past.
with dated as (
  select *, lead(effective_from) over (partition by column1, column2 order by effective_from) as follows
  from ncci_pair
  where edit_status <> 'never_in_force'
)
select 'ncci_1' as file_kind, source_line,
  format('{} and {}: the edit from {} is in force until {}, and another begins on {}', column1, column2, effective_from, coalesce(effective_to::varchar, 'now'), follows) as finding
from dated
where follows <= coalesce(effective_to, date '9999-12-31')
