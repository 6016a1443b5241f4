-- The conversion factors of releases in force that no source knows: what the file itself says.
with unknown as (
  select release_id, conversion_factor_class, effective_from, effective_to
  from release
  cross join (select distinct conversion_factor_class from conversion_factor) as class
  where is_current and not is_sample
    and not exists (
      from conversion_factor as known
      where known.program = 'pfs' and known.conversion_factor_class = class.conversion_factor_class and known.conversion_factor is not null
        and release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
    )
)
select
  'pfs' as program,
  conversion_factor_class,
  effective_from,
  max(effective_to) as effective_to,
  any_value(paid.conversion_factor) as conversion_factor,
  'from_file' as evidence,
  format('{}: no source is known but the release itself', release_id) as source
from unknown
join payment_national as paid using (release_id, conversion_factor_class)
group by release_id, conversion_factor_class, effective_from
order by all
