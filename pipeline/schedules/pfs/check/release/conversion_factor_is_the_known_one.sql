-- severity: error
-- The file's conversion factor is the one that the history of conversion factors has for its first day, or a known exception.
-- source: pfs-rules 4
-- payment: every amount. Where no factor is known for the day, the file's own is used with a warning.
select if(conversion_factor_class = 'qp', 'pprrvu_qpp', 'pprrvu') as file_kind, null as source_line,
  format('the conversion factor ({}) is {}, but {} is known for {}: {}', conversion_factor_class, found.conversion_factor::varchar,
    known.conversion_factor::varchar, this_release.effective_from, known.source)
  -- The two files of a release may have been told apart by their folders alone.
  || coalesce(format('; it is that of class {}, whose file has {} in its name and lies in the folder of the other one',
    other.conversion_factor_class, if(other.conversion_factor_class = 'qp', 'QPP', 'nonQPP')), '') as finding
from release_factor as found
cross join this_release
join conversion_factor as known using (conversion_factor_class)
left join conversion_factor as other
  on other.program = 'pfs' and other.conversion_factor_class in ('qp', 'nonqp')
  and other.conversion_factor_class <> found.conversion_factor_class and other.conversion_factor = found.conversion_factor
  and this_release.effective_from between other.effective_from and coalesce(other.effective_to, date '9999-12-31')
anti join known_factor_exception as exception
  on exception.release_id = this_release.release_id
  and exception.conversion_factor_class = found.conversion_factor_class
  and exception.conversion_factor = found.conversion_factor
where known.program = 'pfs'
  and this_release.effective_from between known.effective_from and coalesce(known.effective_to, date '9999-12-31')
  and known.conversion_factor <> found.conversion_factor
