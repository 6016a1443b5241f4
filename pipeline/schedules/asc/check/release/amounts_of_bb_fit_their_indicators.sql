-- severity: error above 0.5%
-- A code of Addendum BB has a weight exactly where its payment indicator is paid by weight, and a rate exactly where it is paid at all.
-- source: ASC25Q1: 2,454 of 2,454
-- payment: of codes whose indicator, weight or rate is that of another row.
select 'asc_bb' as file_kind, source_line,
  format('{} has payment indicator {}, weight {} and rate {}', hcpcs_code, payment_indicator, coalesce(payment_weight::varchar, 'none'), coalesce(payment_rate::varchar, 'none')) as finding
from stage.asc_bb
join asc_payment_indicator as meant using (payment_indicator)
where (meant.amount_basis = 'weight') <> (payment_weight is not null) or (meant.price_status = 'priced') <> (payment_rate is not null)
