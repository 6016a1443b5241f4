-- With how many amounts of a companion each release, and class of it, agrees: the best first. Where
-- several agree alike, because CMS kept their values, it is the last of them; alike names them all.
select *, string_agg(release_id, ', ' order by effective_from) over (partition by conversion_factor_class, matched) as alike
from (
  select
    release_id, conversion_factor_class, calendar_year, effective_from,
    count(*) filter (our_value is not distinct from other_value) as matched
  from $compared
  join release using (release_id)
  where is_current
  group by all
)
order by matched desc, effective_from desc, conversion_factor_class
