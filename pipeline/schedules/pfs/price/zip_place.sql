-- The place of each ZIP code of five digits, by the ZIP files in use.
select zip.zip_code, zip.effective_from, zip.zip4_decides, place_number.place_number
from zip_locality as zip
join (select distinct zip_file_from from service_day) as used on used.zip_file_from = zip.effective_from
join place_number on place_number.mac = zip.mac and place_number.locality_number = zip.locality_number
