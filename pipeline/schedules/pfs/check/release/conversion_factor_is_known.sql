-- severity: warning
-- The history of conversion factors has no entry for the release's first day, so the file's own factor is used unchecked.
-- payment: every amount. The table conversion_factor then has the file's factor, with evidence from_file.
select if(conversion_factor_class = 'qp', 'pprrvu_qpp', 'pprrvu') as file_kind, null as source_line,
  format('no conversion factor ({}) is known for {}; that of the file is used: {}',
    conversion_factor_class, this_release.effective_from, found.conversion_factor::varchar) as finding
from release_factor as found
cross join this_release
where not exists (
  from conversion_factor as known
  where known.program = 'pfs' and known.conversion_factor_class = found.conversion_factor_class
    and known.conversion_factor is not null
    and this_release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
)
