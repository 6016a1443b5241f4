-- severity: warning
-- A code with a fee that the Physician Fee Schedule of the same days lists has a status that it does not pay: X, E, P or I.
-- source: 594 of 594 codes with a fee in DMEPOS25Q1 that RVU25A lists: 454 X, 113 P, 27 E
-- payment: who pays the code; a status that is new for it is news.
select distinct
  item.release_id, format('{} has status {} in {}', item.hcpcs_code, rvu.status_code, rvu.release_id) as finding
from dme_item as item
join release using (release_id)
join rvu_in_force as rvu
  on rvu.hcpcs_code = item.hcpcs_code and rvu.modifier = ''
  and rvu.effective_from <= release.effective_to and release.effective_from <= rvu.effective_to
where item.price_status <> 'no_fee_published' and rvu.status_code not in ('X', 'E', 'P', 'I')
