-- severity: error
-- The national anesthesia factor in the header of ANES is the one that the history has from CMS's own documents for the release's first day.
-- Where either has only cents, cents are compared.
-- payment: anesthesia. An ANES file of another year or factor is left unread.
select 'anes' as file_kind, null as source_line,
  format('the national anesthesia factor in the header is {}, but {} is known for {}: {}', rtrim(found.national_factor::varchar, '0'),
    known.conversion_factor::varchar, this_release.effective_from, known.source) as finding
from stage.anes_header as found
cross join this_release
join conversion_factor as known
  on known.program = 'anesthesia' and known.conversion_factor_class = found.conversion_factor_class
  and this_release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
where known.evidence = 'P' and (
    round(found.national_factor, 2) <> round(known.conversion_factor, 2)
    or (round(found.national_factor, 4) <> known.conversion_factor
      and found.national_factor <> round(found.national_factor, 2) and known.conversion_factor <> round(known.conversion_factor, 2))
  )
