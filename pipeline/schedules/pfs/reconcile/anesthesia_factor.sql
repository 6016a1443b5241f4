-- The anesthesia factors of CMS's workbook beside those of every release in force.
select
  locality.release_id, '' as conversion_factor_class,
  concat_ws(' ', locality.mac, locality.locality_number) as record_key, 'anesthesia_conversion_factor' as column_name,
  cast(locality.anesthesia_conversion_factor as decimal(9, 2)) as our_value,
  cast(companion.anesthesia_conversion_factor as decimal(9, 2)) as other_value
from locality
join $companion as companion using (mac, locality_number)
where locality.anesthesia_conversion_factor is not null
