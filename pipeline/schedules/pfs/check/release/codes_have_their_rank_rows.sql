-- severity: error
-- Every code of a release has its row in work_rvu_rank.
-- payment: none; our own account, which is never open.
select 'pprrvu' as file_kind, null::integer as source_line,
  format('{} codes in rvu, {} in work_rvu_rank', rvu_codes, rank_codes) as finding
from (select count(distinct hcpcs_code) as rvu_codes from rvu)
cross join (select count(*) as rank_codes from work_rvu_rank)
where rvu_codes <> rank_codes
