-- Conversion factors that came after the first release, which count from their day.
select program, conversion_factor_class, cast(effective_from as varchar) as effective_from, conversion_factor
from conversion_factor
where effective_from > (select min(effective_from) from release where schedule = 'pfs' and is_current)
order by effective_from
