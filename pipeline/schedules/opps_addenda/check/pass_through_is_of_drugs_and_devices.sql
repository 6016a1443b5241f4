-- severity: warning
-- Pass-through status ends for drugs and devices (status indicators G and H, later in the year K and K1).
-- source: 27 rows of OPPS25FR, 31 of OPPS25Q1 and 31 of OPPS25Q3
-- payment: none by itself; flags that stand in another row.
select file_kind, source_line, format('{} has the status indicator {}, and its pass-through status is to end', hcpcs_code, status_indicator) as finding
from stage.addendum_b
where pass_through_expires and status_indicator not in ('G', 'H', 'K', 'K1')
