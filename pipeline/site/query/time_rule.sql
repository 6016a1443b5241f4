-- What each rule of counting says, and where it stands.
select code_family, payer, effective_from, hcpcs_code, meaning, evidence, source
from time_rule
order by code_family, payer, effective_from, hcpcs_code
