-- What a line without a price is told, by the step of the gate that it did not pass, and by which schedule; 0 is none.
select * from (values $gate_words) as gate_word (gate, price_status, reason, schedule, is_gate_provisional)
