-- The conversion factors of releases in force that no source knows: what the file itself says.
select
  'pfs' as program,
  conversion_factor_class,
  release.effective_from,
  max(release.effective_to) as effective_to,
  any_value(conversion_factor) as conversion_factor,
  'from_file' as evidence,
  format('{}: no source is known but the release itself', release_id) as source
from release
join payment_national as paid using (release_id)
where is_current and not is_sample
  and not exists (
    from conversion_factor as known
    where known.program = 'pfs' and known.conversion_factor_class = paid.conversion_factor_class and known.conversion_factor is not null
      and release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
  )
group by release_id, conversion_factor_class, release.effective_from
order by all
