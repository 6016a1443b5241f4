-- of: zip_locality
-- Only the quarter of the latest release, or the nearest to it that a file is of.
select *
from zip_locality
where effective_from = (
  select file.effective_from
  from (select distinct effective_from from zip_locality) as file
  cross join release
  where release.schedule = 'pfs' and release.is_latest
  order by abs(file.effective_from - release.effective_from), file.effective_from desc
  limit 1
)
