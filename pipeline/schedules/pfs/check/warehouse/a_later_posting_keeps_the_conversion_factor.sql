-- severity: warning
-- A posting has the conversion factor of the one that it replaces, or a source tells from which day on the new one is in force.
-- source: pfs-rules 1.1. RVU24AR changed nothing but the factor, from 9 March 2024 on.
-- payment: every amount of the days before the change, if the new factor is not in force from the first day of the release on.
with used as (
  select posting_id, conversion_factor_class, mode(conversion_factor) as conversion_factor
  from (
    select release.posting_id, conversion_factor_class, conversion_factor
    from payment_national join release using (release_id)
    where is_current and posting_id in (select superseded_by from release)
    union all
    select posting_id, conversion_factor_class, conversion_factor from superseded.payment_national
  )
  where conversion_factor is not null
  group by all
)
select later.release_id,
  format('the conversion factor ({}) is {}, and {} in {}, which it replaces from {} on; no source tells on which day it changed: read CMS''s notes on the release',
    used.conversion_factor_class, used.conversion_factor::varchar, before.conversion_factor::varchar, replaced.posting_id, later.effective_from) as finding
from release as later
join release as replaced on replaced.superseded_by = later.posting_id
join used on used.posting_id = later.posting_id
join used as before on before.posting_id = replaced.posting_id and before.conversion_factor_class = used.conversion_factor_class
join conversion_factor as known on known.program = 'pfs' and known.conversion_factor_class = used.conversion_factor_class
  and later.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
where later.is_current
  and before.conversion_factor <> used.conversion_factor
  and known.evidence = 'from_file'
