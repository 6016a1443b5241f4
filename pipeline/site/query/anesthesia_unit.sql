-- The base units of each anesthesia code, from the first year that is loaded with them on.
select calendar_year, hcpcs_code, base_units
from anesthesia_base_unit
qualify base_units is distinct from lag(base_units) over (partition by hcpcs_code order by calendar_year)
order by hcpcs_code, calendar_year
