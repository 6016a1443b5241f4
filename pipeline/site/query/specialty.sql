-- Which specialties gave each service in the last year that is loaded, the most frequent first.
select hcpcs_code, specialty, cast(sum(service_count) as varchar), sum(sum(service_count)) over (partition by hcpcs_code), calendar_year
from specialty_volume
where calendar_year = (select max(calendar_year) from specialty_volume)
group by hcpcs_code, specialty, calendar_year
qualify row_number() over (partition by hcpcs_code order by sum(service_count) desc, specialty) <= 10
order by hcpcs_code, sum(service_count) desc, specialty
