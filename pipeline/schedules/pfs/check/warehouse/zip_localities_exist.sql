-- severity: warning
-- Every locality of a ZIP file is one of the releases of its year, where there are any.
-- payment: of a ZIP code in a locality that is gone; there is none then.
select '' as release_id, format('{}: locality {}-{} is none of {}', source_file, mac, locality_number, calendar_year) as finding
from (select distinct source_file, mac, locality_number, year(effective_from) as calendar_year from zip_locality) as zip
where calendar_year in (select calendar_year from release join locality using (release_id))
  and not exists (
    from locality join release using (release_id)
    where release.calendar_year = zip.calendar_year and locality.mac = zip.mac and locality.locality_number = zip.locality_number
  )
