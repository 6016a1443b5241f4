-- The codes of preventive services, whose share is another than the usual one; $services are the rows of
-- preventive_service.
select *
from (values $services) as service (hcpcs_code, needed_modifier, service_share, service_has_deductible, effective_from, effective_to)
