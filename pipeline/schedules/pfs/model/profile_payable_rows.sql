-- What the locality amounts of a profile are computed from: of each code the row that stands
-- for it, where that row has a price, at the default conversion factor.
select payable.*
from $payable_rows as payable
join (select hcpcs_code, min(modifier) as modifier from rvu group by hcpcs_code) as standing
  using (hcpcs_code, modifier)
where payable.is_default_class and payable.national_price_status = 'priced'
