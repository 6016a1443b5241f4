-- What stands for a code in the ranking by work RVU.
select
  'work' as peer_group, rvu.section, rvu.hcpcs_code, rvu.modifier, rvu.work_rvu as value,
  payment_national.price_status
from rvu
join payment_national using (release_id, hcpcs_code, modifier)
where payment_national.is_default_class and rvu.modifier in ('', '26')
