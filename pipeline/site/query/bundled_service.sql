-- What is part of critical care and what is reported beside it.
select service.code_family, service.payer, service.hcpcs_code, service.bundling, service.effective_from,
  service.effective_to, service.replaced_by, service.meaning, service.evidence, service.source,
  code.code_presence, code.vanished_in_release_id
from bundled_service as service
left join curated_code as code
  on code.curated_table = 'bundled_service' and code.hcpcs_code = service.hcpcs_code
order by service.bundling, service.hcpcs_code
