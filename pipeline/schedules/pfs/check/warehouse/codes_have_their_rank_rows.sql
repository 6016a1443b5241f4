-- severity: error
-- Every code of a release has its row in work_rvu_rank.
-- payment: none; our own account, which is never open.
select release_id, format('{} codes in rvu, {} in work_rvu_rank', rvu_codes, coalesce(rank_codes, 0)) as finding
from (select release_id, count(distinct hcpcs_code) as rvu_codes from rvu group by release_id)
left join (select release_id, count(*) as rank_codes from work_rvu_rank group by release_id) using (release_id)
where rvu_codes is distinct from rank_codes
