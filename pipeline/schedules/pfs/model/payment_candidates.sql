-- What stands for a code in the ranking by national payment, in each setting.
select
  setting as peer_group, rvu.section, rvu.hcpcs_code, rvu.modifier,
  case when setting = 'facility' then facility_payment else nonfacility_payment end as value,
  payment_national.price_status
from rvu
join payment_national using (release_id, hcpcs_code, modifier)
cross join (values ('nonfacility'), ('facility')) as settings (setting)
where payment_national.is_default_class and rvu.modifier in ('', '26')
