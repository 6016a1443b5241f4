-- severity: error above 0.5%
-- An inflation-adjusted copayment is that of a drug (K2) and at most 20% of its rate.
-- source: ASC25Q1: 53 of 56; J1670, J2329 and J9394 have more
-- payment: of the share that the patient pays for drugs.
select 'asc_bb' as file_kind, source_line, format('{} {} has the copayment {} and the rate {}', payment_indicator, hcpcs_code, ira_copayment::varchar, coalesce(payment_rate::varchar, 'none')) as finding
from stage.asc_bb
where ira_copayment is not null and coalesce(payment_indicator <> 'K2' or ira_copayment > round(0.2 * payment_rate, 2), true)
