-- The record of each code that begins with $first, out of the runs of a volume: these as JSON, oldest first.
select hcpcs_code, '[' || string_agg(run, ',' order by number) || ']' as record
from site_run
where starts_with(hcpcs_code, $first)
group by hcpcs_code
order by hcpcs_code
