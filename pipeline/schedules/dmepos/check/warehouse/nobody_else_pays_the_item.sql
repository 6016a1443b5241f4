-- severity: warning
-- No item with a fee is paid under the Physician Fee Schedule, the laboratory fees or the drug limits of the same days as well.
-- source: 2,043 codes of DMEPOS25Q1 with a fee; none has an amount in RVU25A, CLFS25Q1 or ASP25Q1
-- payment: who pays the code.
with payer as (
  select distinct hcpcs_code, release_id as other_id, effective_from, effective_to
  from payment_national_in_force
  where is_default_class and price_status = 'priced'
  union all
  select distinct hcpcs_code, release_id as other_id, effective_from, effective_to
  from lab_fee_in_force
  where price_status = 'priced'
  union all
  select distinct hcpcs_code, release_id as other_id, effective_from, effective_to
  from drug_limit_in_force
  where price_status = 'priced'
)
select distinct item.release_id, format('{} has an amount in {}, too', item.hcpcs_code, payer.other_id) as finding
from dme_item as item
join release using (release_id)
join payer
  on payer.hcpcs_code = item.hcpcs_code and payer.effective_from <= release.effective_to and release.effective_from <= payer.effective_to
where item.price_status <> 'no_fee_published'
