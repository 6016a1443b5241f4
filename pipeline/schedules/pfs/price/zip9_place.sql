-- The place of each ZIP code of nine digits, by the ZIP files in use.
select zip.zip_code, zip.plus_four, zip.effective_from, place_number.place_number
from zip9_locality as zip
join (select distinct zip9_file_from from service_day) as used on used.zip9_file_from = zip.effective_from
join place_number on place_number.mac = zip.mac and place_number.locality_number = zip.locality_number
