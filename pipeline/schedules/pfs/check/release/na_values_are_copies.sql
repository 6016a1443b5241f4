-- severity: error above 0.5% from 2020
-- Where CMS flags a setting NA, the practice expense there is a copy of the other setting's.
-- source: pfs-rules 2, invariant 6; F NA is a copy for payable codes only
-- payment: none by the flag; both totals prove both practice expenses. CMS errs in G0511 and G0512, which it does not pay.
select 'pprrvu' as file_kind, source_line,
  format('{} {} is flagged NA, but its practice expenses differ: {} and {}', hcpcs_code, modifier, nonfacility_pe_rvu::varchar, facility_pe_rvu::varchar) as finding
from stage.pprrvu
where nonfacility_pe_rvu <> facility_pe_rvu and (nonfacility_na or (facility_na and status_code in ('A', 'R', 'T')))
