-- severity: error
-- The columns of blood products have rows of P codes only, and those of vaccines none of them.
-- source: the 16 rows of blood are P9041, P9045, P9046 and P9047; none of the 111 of vaccines is a P code
-- payment: none, but one of the two would be the other.
select 'asp' as file_kind, source_line,
  format('{} stands in the column of {}', hcpcs_code, if(blood_limit is null, 'vaccines', 'blood products')) as finding
from stage.asp
where (blood_limit is not null and not starts_with(hcpcs_code, 'P'))
  or (vaccine_limit is not null and starts_with(hcpcs_code, 'P'))
