-- What a line without a price is told, by the step of the gate that it did not pass; 0 is none.
select 0 as gate, 'priced' as price_status, '' as reason
union all
select step, gate_status, rule from pricing_rule where kind like '%gate'
