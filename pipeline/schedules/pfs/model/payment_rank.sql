-- Where each code's national payment stands within its section, in each setting.
select
  this_release.release_id, hcpcs_code, peer_group as setting, section, rank_status, value as payment, peer_count,
  percentile, ratio_to_median, min_value as min_payment, lower_quartile as lower_quartile_payment,
  median_value as median_payment, upper_quartile as upper_quartile_payment, max_value as max_payment,
  max_hcpcs_code
from $ranked_payment
cross join this_release
