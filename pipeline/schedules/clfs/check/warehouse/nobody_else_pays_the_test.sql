-- severity: warning
-- No test with a rate is paid under the Physician Fee Schedule or the drug limits of the same days as well.
-- source: 1,926 codes of CLFS25Q1 with a rate; none has an amount in RVU25A or ASP25Q1
-- payment: who pays the code.
with payer as (
  select hcpcs_code, modifier, release_id as other_id, effective_from, effective_to
  from payment_national_in_force
  where is_default_class and price_status = 'priced'
  union all
  select hcpcs_code, '' as modifier, release_id as other_id, effective_from, effective_to
  from drug_limit_in_force
  where price_status = 'priced'
)
select distinct
  lab.release_id, format('{} {} has an amount in {}, too', lab.hcpcs_code, lab.modifier, payer.other_id) as finding
from lab_fee as lab
join release using (release_id)
join payer
  on payer.hcpcs_code = lab.hcpcs_code and payer.modifier = lab.modifier
  and payer.effective_from <= release.effective_to and release.effective_from <= payer.effective_to
where lab.price_status = 'priced'
