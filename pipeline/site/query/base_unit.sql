-- The base units of anesthesia, by year and number of units.
select calendar_year, base_units, string_agg(hcpcs_code, ' ' order by hcpcs_code) as codes
from anesthesia_base_unit
group by all
order by all
