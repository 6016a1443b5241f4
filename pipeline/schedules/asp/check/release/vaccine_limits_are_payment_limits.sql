-- severity: error
-- Where a vaccine's limit follows from its average wholesale price, it is the payment limit.
-- source: 111 of 111 rows of ASP24Q4, ASP25Q1 (both postings) and ASP25Q3
-- payment: of vaccines, if one of the two is another column.
select 'asp' as file_kind, source_line,
  format('{}: vaccine limit {}, payment limit {}', hcpcs_code, coalesce(vaccine_limit::varchar, 'none'), coalesce(payment_limit::varchar, 'none')) as finding
from drug_limit
where (vaccine_awp_percent is not null or vaccine_limit is not null)
  and (vaccine_awp_percent is null or vaccine_limit is distinct from payment_limit or payment_limit is null)
  and price_status <> 'no_fee_published'
