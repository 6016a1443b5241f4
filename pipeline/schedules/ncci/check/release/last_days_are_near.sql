-- severity: error
-- No edit has a last day more than ten years after the release: a day like 9999-12-31 stands for none, for which CMS writes a star.
-- source: expert knowledge; CMS writes the last day when it deletes an edit
-- payment: which edits count as deleted.
select file_kind, source_line, format('{} and {}: the last day is {}', column1, column2, effective_to) as finding
from stage.ncci
where effective_to > (select effective_from + interval 10 year from this_release)
