-- The national anesthesia conversion factors in force on the first day of each release.
select release.release_id, factor.conversion_factor_class as factor_class, factor.conversion_factor as factor
from release
join conversion_factor as factor
  on factor.program = 'anesthesia' and release.effective_from between factor.effective_from and factor.effective_to
where release.schedule = 'pfs' and release.is_current and factor.conversion_factor is not null
order by release.release_id, factor_class
