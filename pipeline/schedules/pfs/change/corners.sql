-- Eight mixtures of two releases for every service that both price: RVUs, indices and conversion
-- factor each from the one or the other. $pairs has release_id and previous_release_id, $sides
-- is sides.sql, $places the indices of both releases in the places that are asked for.
--
-- A weight says how a mixture counts in the symmetric (Shapley) split of the payment's change:
-- the effect of a cause is the mean, over the six orders in which the three may change, of what
-- the payment changes by when that cause does. In sixths, a mixture with the cause counts 2
-- where the other two are both old or both new, else 1; without the cause the same, taken off.
select
  pairs.release_id,
  pairs.previous_release_id,
  after.hcpcs_code,
  after.modifier,
  place.mac,
  place.locality_number,
  mixture.is_before,
  mixture.is_after,
  mixture.rvu_weight,
  mixture.gpci_weight,
  mixture.factor_weight,
  case when mixture.new_rvu then after.paid_work_rvu else before.paid_work_rvu end as work_rvu,
  case when mixture.new_rvu then after.nonfacility_pe_rvu else before.nonfacility_pe_rvu end as nonfacility_pe_rvu,
  case when mixture.new_rvu then after.facility_pe_rvu else before.facility_pe_rvu end as facility_pe_rvu,
  case when mixture.new_rvu then after.mp_rvu else before.mp_rvu end as mp_rvu,
  case when mixture.new_rvu then after.opps_work_rvu else before.opps_work_rvu end as opps_work_rvu,
  case when mixture.new_rvu then after.nonfacility_opps_pe_rvu else before.nonfacility_opps_pe_rvu end as nonfacility_opps_pe_rvu,
  case when mixture.new_rvu then after.facility_opps_pe_rvu else before.facility_opps_pe_rvu end as facility_opps_pe_rvu,
  case when mixture.new_rvu then after.opps_mp_rvu else before.opps_mp_rvu end as opps_mp_rvu,
  case when mixture.new_gpci then place.work_gpci_after else place.work_gpci_before end as work_gpci,
  case when mixture.new_gpci then place.pe_gpci_after else place.pe_gpci_before end as pe_gpci,
  case when mixture.new_gpci then place.mp_gpci_after else place.mp_gpci_before end as mp_gpci,
  case when mixture.new_factor then after.conversion_factor else before.conversion_factor end as conversion_factor
from $pairs as pairs
join $sides as after on after.release_id = pairs.release_id
join $sides as before
  on before.release_id = pairs.previous_release_id
  and before.hcpcs_code = after.hcpcs_code and before.modifier = after.modifier
join $places as place on place.release_id = pairs.release_id and place.previous_release_id = pairs.previous_release_id
cross join (
  select
    new_rvu, new_gpci, new_factor,
    not new_rvu and not new_gpci and not new_factor as is_before,
    new_rvu and new_gpci and new_factor as is_after,
    case when new_rvu then 1 else -1 end * case when new_gpci = new_factor then 2 else 1 end as rvu_weight,
    case when new_gpci then 1 else -1 end * case when new_rvu = new_factor then 2 else 1 end as gpci_weight,
    case when new_factor then 1 else -1 end * case when new_rvu = new_gpci then 2 else 1 end as factor_weight
  from (values (false), (true)) as a (new_rvu)
  cross join (values (false), (true)) as b (new_gpci)
  cross join (values (false), (true)) as c (new_factor)
) as mixture
where before.price_status = 'priced' and after.price_status = 'priced'
