-- severity: error
-- The weight is the rate of Addendum FF times one number, within 0.0001, but for device-intensive procedures.
-- source: ASC25Q1: 2,818 of 2,818
-- payment: of devices, whose amounts would stand beside other procedures.
select 'asc_ff' as file_kind, ff.source_line,
  format(
    '{}: the rate {} of Addendum FF gives the weight {}, but Addendum AA has {}',
    hcpcs_code, coalesce(ff.standard_rate::varchar, 'none'), coalesce(round(ff.standard_rate * derived_ratio, 4)::varchar, 'none'), aa.payment_weight
  ) as finding
from stage.asc_aa as aa
join stage.asc_ff as ff using (hcpcs_code)
join asc_payment_indicator as meant on meant.payment_indicator = aa.payment_indicator
cross join release_ratio
where meant.amount_basis = 'weight' and aa.payment_indicator <> 'J8' and aa.payment_weight is not null
  and (ff.standard_rate is null or abs(ff.standard_rate * derived_ratio - aa.payment_weight) > 0.00015)
