-- severity: warning
-- Every code is one of the 12 that have ambulance fees.
-- source: A0425 to A0436
-- payment: of another code there is none, for its unit is not known.
select 'afs' as file_kind, min(source_line) as source_line, format('{} is no code with an ambulance fee that is known', hcpcs_code) as finding
from stage.afs
where hcpcs_code not in (select hcpcs_code from ambulance_rvu)
group by hcpcs_code
