-- severity: error above 1%
-- Every service has the relative value that is known of it; the weights have not changed since 2002.
-- source: 42 CFR 414.610 and 67 FR 9100; no file of CMS was at hand
-- payment: all of it, if it is another column.
select 'afs' as file_kind, source_line,
  format('{} in {}-{} has the RVU {}, and {} is known', hcpcs_code, mac, locality_number, afs.rvu::varchar, item.rvu::varchar) as finding
from stage.afs as afs
join ambulance_rvu as item using (hcpcs_code)
where item.unit = 'trip' and afs.rvu <> item.rvu
