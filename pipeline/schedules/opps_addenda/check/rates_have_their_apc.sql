-- severity: error above 0.5%
-- What has a rate under a status indicator that is paid has an APC.
-- source: all of 6,636 rates of OPPS25FR, 6,635 of OPPS25Q1 and 6,673 of OPPS25Q3
-- payment: none; a column of APCs that was emptied, by which no other rule of APCs finds anything.
select file_kind, source_line, format('{}: the rate {} under {} has no APC', hcpcs_code, payment_rate::varchar, status_indicator) as finding
from stage.addendum_b
join status_price using (status_indicator)
where has_rate and payment_rate is not null and apc = ''
