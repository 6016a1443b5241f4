-- The payments of each priced code in all localities in the order of MAC and number, in cents.
select
  payment.hcpcs_code,
  cast(to_json(list(cast(payment.nonfacility_payment * 100 as integer) order by mac, locality_number)) as varchar) as office,
  cast(to_json(list(cast(payment.facility_payment * 100 as integer) order by mac, locality_number)) as varchar) as facility
from payment_locality as payment
join code_profile as profile using (release_id, hcpcs_code, modifier)
where release_id = $release_id and payment.is_default_class and payment.price_status = 'priced'
group by payment.hcpcs_code
