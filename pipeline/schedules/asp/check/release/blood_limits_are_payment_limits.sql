-- severity: error
-- Where the limit of a blood product follows from its average wholesale price, it is the payment limit.
-- source: 16 of 16 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of blood products, if one of the two is another column.
select 'asp' as file_kind, source_line,
  format('{}: blood limit {}, payment limit {}', hcpcs_code, coalesce(blood_limit::varchar, 'none'), coalesce(payment_limit::varchar, 'none')) as finding
from drug_limit
where (blood_awp_percent is not null or blood_limit is not null)
  and (blood_awp_percent is null or blood_limit is distinct from payment_limit or payment_limit is null)
  and price_status <> 'no_fee_published'
