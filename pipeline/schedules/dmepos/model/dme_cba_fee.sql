-- Every fee of a former competitive bidding area. A point, which is no value, or 0.00 says that there is none.
select
  this_release.release_id, cell.hcpcs_code, cell.modifier, cell.modifier2, cell.modifier3, cell.cba, cell.amount
from stage.dme_cba as cell
cross join this_release
where cell.amount > 0
