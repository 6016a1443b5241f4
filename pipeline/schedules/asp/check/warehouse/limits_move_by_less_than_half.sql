-- severity: warning
-- A limit moves by at most half from one release to the next; each quarter some drugs move by more, both ways.
-- source: 18 drugs from ASP24Q4 to ASP25Q1, 43 from there to ASP25Q3
-- payment: of the drug, if a decimal point slipped in CMS's file.
select release_id,
  format('{}: {} in {}, now {} ({:+.1f}%)', hcpcs_code, payment_limit_before::varchar, previous_release_id, payment_limit_after::varchar, limit_change_percent::double) as finding
from drug_limit_change
where abs(limit_change_percent) > 50
