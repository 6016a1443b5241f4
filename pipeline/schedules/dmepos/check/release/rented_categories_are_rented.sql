-- severity: error above 0.5%
-- Capped rentals and frequently serviced items are listed for rent (RR), and prosthetics, supplies and dressings never are.
-- source: DMEPOS25Q1: 387 of 387 items of CR and FS, none of 1,423 of the others
-- payment: of the months of rental.
select 'dmepos' as file_kind, min(source_line) as source_line, format('{} is of category {}', concat_ws('-', hcpcs_code, nullif(modifier, ''), nullif(modifier2, '')), category) as finding
from stage.dmepos
where if(category in ('CR', 'FS'), modifier <> 'RR', modifier = 'RR' and category in ('IL', 'LC', 'OS', 'PO', 'SC', 'SD', 'SU', 'TS'))
group by hcpcs_code, modifier, modifier2, category
