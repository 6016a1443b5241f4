-- How many values a comparison has, by release, posting of the other schedule and part.
select release.release_id, compared.other_posting_id, compared.part, count(*) as compared
from compared
join release on release.posting_id = compared.release_id
group by all
order by all
