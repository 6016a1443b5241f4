-- severity: error
-- Supplies by mail order have the modifier KL.
-- source: DMEPOS25Q1: 8 of 8
-- payment: of supplies that do not come by mail, which have another fee.
select 'dme_mail_order' as file_kind, source_line, format('{} {} lacks KL', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), modifier3) as finding
from stage.dme_mail_order
where 'KL' not in (modifier, modifier2, modifier3)
