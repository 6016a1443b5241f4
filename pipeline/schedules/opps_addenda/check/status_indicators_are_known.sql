-- severity: error above 0.5%
-- It is declared what every status indicator says of payment: codes under another have no price, and no reason but that.
-- source: all rows of OPPS25FR, OPPS25Q1 and OPPS25Q3
-- payment: of the codes under it.
select file_kind, source_line, format('{} has the status indicator {}, of which nothing is declared', hcpcs_code, status_indicator) as finding
from stage.addendum_b
anti join status_price using (status_indicator)
