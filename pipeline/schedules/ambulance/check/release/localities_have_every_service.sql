-- severity: warning
-- Every locality has the services that the others have: a file of which rows were lost, or that was cut off, is sound but for its length.
-- source: expert knowledge; no file of CMS was at hand
-- payment: of a service that is missing no fee is known in the locality, for the file stands in the place of the formula in all of its year.
with place as (select distinct mac, locality_number from stage.afs),
service as (select distinct hcpcs_code from stage.afs)
select 'afs' as file_kind, null as source_line, format('{}-{} has no {}', mac, locality_number, hcpcs_code) as finding
from place
cross join service
anti join stage.afs using (mac, locality_number, hcpcs_code)
