-- severity: warning
-- CMS's file has every locality that has indices in a release of its year: one that was cut off is sound but for its length.
-- source: expert knowledge; no file of CMS was at hand
-- payment: of ambulances in the locality no fee is known, for the file stands in the place of the formula in all of its year.
with file as (
  select distinct release_id, calendar_year
  from ambulance_file_fee
  join release using (release_id)
  where schedule = 'ambulance' and is_current
)
select distinct file.release_id, format('it has no fees of {}-{}, which has indices in {}', mac, locality_number, other.release_id) as finding
from file
join release as other on other.calendar_year = file.calendar_year and other.schedule = 'pfs' and other.is_current
join locality on locality.release_id = other.release_id
anti join ambulance_file_fee as fee
  on fee.release_id = file.release_id and fee.mac = locality.mac and fee.locality_number = locality.locality_number
where pe_gpci is not null
