-- severity: error from 2020
-- OPPS practice expense is the same in both settings, and no 26 row has OPPS values.
-- source: pfs-rules 2, invariant 8
-- payment: the imaging cap is computed from these values. CMS breaks it nowhere.
select 'pprrvu' as file_kind, source_line,
  format('{}: OPPS values {}, {} and {}', trim(hcpcs_code || ' ' || modifier), nonfacility_opps_pe_rvu::varchar, facility_opps_pe_rvu::varchar, opps_mp_rvu::varchar) as finding
from stage.pprrvu
where nonfacility_opps_pe_rvu <> facility_opps_pe_rvu or (modifier = '26' and nonfacility_opps_pe_rvu + opps_mp_rvu > 0)
