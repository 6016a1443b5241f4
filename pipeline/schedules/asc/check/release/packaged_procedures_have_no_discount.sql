-- severity: error above 0.5%
-- A procedure that is packaged is not subject to the discount for multiple procedures.
-- source: ASC25Q1: 442 of 443
-- payment: of several procedures on a day, if the column is that of other rows.
select 'asc_aa' as file_kind, source_line, format('{} is packaged and subject to multiple procedure discounting', hcpcs_code) as finding
from stage.asc_aa
where payment_indicator = 'N1' and multiple_procedure_discount
