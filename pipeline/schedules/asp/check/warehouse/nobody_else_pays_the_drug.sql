-- severity: warning
-- No drug with a limit is paid under the Physician Fee Schedule of the same days as well.
-- source: 876 codes of ASP25Q1 with a limit; none has an amount in RVU25A
-- payment: who pays the code.
select distinct
  drug.release_id, format('{} has an amount in {}, too', drug.hcpcs_code, payer.release_id) as finding
from drug_limit as drug
join release using (release_id)
join payment_national_in_force as payer
  on payer.hcpcs_code = drug.hcpcs_code and payer.modifier = ''
  and payer.effective_from <= release.effective_to and release.effective_from <= payer.effective_to
where drug.price_status = 'priced' and payer.is_default_class and payer.price_status = 'priced'
