-- The localities of the releases in use with their indices and the conversion factors in force.
with factor as (
  select
    release_id,
    max(case when is_default_class then conversion_factor end) as conversion_factor,
    max(case when conversion_factor_class in ('all', 'qp') then conversion_factor end) as qp_conversion_factor
  from payment_national
  group by release_id
)
select
  used.release_number, place_number.place_number, locality.mac, locality.locality_number, locality.locality_name,
  locality.work_gpci, locality.pe_gpci, locality.mp_gpci, locality.anesthesia_conversion_factor,
  factor.conversion_factor, factor.qp_conversion_factor
from locality
join (select distinct release_id, release_number from service_day) as used on used.release_id = locality.release_id
join place_number on place_number.mac = locality.mac and place_number.locality_number = locality.locality_number
join factor on factor.release_id = locality.release_id
