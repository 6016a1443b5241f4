-- How the work RVUs of the ranked codes of each section spread: eight steps to a power of ten.
select section, cast(floor(log10(ranked_work_rvu) * 8) as integer) as step, count(*) as code_count
from code_profile
where release_id = $release_id and ranked_work_rvu is not null
group by section, step
order by section, step
