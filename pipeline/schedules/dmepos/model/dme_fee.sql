-- Every fee of a state. 0.00 says that there is none.
select this_release.release_id, cell.hcpcs_code, cell.modifier, cell.modifier2, cell.state, cell.is_rural, cell.amount
from stage.dme_cell as cell
cross join this_release
where cell.amount > 0
