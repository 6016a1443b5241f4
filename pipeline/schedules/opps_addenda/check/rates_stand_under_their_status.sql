-- severity: error above 0.5%
-- A rate stands exactly where the status indicator has one: no other rate is a price, and no rate is missing.
-- source: all rows of OPPS25Q3 and all but one, 50600 (C with a rate), of OPPS25FR and OPPS25Q1
-- payment: a price of what is not paid, or none of what is.
select addendum.file_kind, addendum.source_line,
  format('{} has the status indicator {} and {}', hcpcs_code, status_indicator, if(payment_rate is null, 'no rate', 'the rate ' || payment_rate)) as finding
from stage.addendum_b as addendum
join status_price using (status_indicator)
where has_rate <> (payment_rate is not null)
