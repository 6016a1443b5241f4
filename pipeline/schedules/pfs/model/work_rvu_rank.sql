-- Where each code's work RVU stands within its section.
select
  this_release.release_id, hcpcs_code, section, rank_status, value as work_rvu, peer_count, percentile,
  ratio_to_median, min_value as min_work_rvu, lower_quartile as lower_quartile_work_rvu,
  median_value as median_work_rvu, upper_quartile as upper_quartile_work_rvu, max_value as max_work_rvu,
  max_hcpcs_code
from $ranked_work
cross join this_release
