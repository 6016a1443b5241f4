-- severity: warning
-- The national anesthesia factor in the header of ANES is compared with secondary sources, too, and it is said where there is none.
-- payment: anesthesia, but a secondary source proves nothing.
select 'anes' as file_kind, null as source_line,
  if(known.conversion_factor is null,
    format('no anesthesia factor is known for {} to compare {} with', this_release.effective_from, rtrim(found.national_factor::varchar, '0'))
      || coalesce(format('; it is the one of {}, and the file may be of that year', earlier.calendar_year), ''),
    format('the national anesthesia factor in the header is {}, but {} is that of: {}', rtrim(found.national_factor::varchar, '0'),
      known.conversion_factor::varchar, known.source)) as finding
from stage.anes_header as found
cross join this_release
left join conversion_factor as known
  on known.program = 'anesthesia' and known.conversion_factor_class = found.conversion_factor_class
  and this_release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
-- A file of last year under the name of the new one.
left join lateral (
  select max(year(effective_from)) as calendar_year
  from conversion_factor
  where program = 'anesthesia' and conversion_factor_class = found.conversion_factor_class
    and effective_from < this_release.effective_from and abs(found.national_factor - conversion_factor) < 0.0005
) as earlier on true
where known.conversion_factor is null or (known.evidence <> 'P' and (
    round(found.national_factor, 2) <> round(known.conversion_factor, 2)
    or (abs(found.national_factor - known.conversion_factor) >= 0.0005
      and found.national_factor <> round(found.national_factor, 2) and known.conversion_factor <> round(known.conversion_factor, 2))
  ))
