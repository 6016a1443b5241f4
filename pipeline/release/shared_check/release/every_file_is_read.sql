-- severity: warning
-- Every file of the release is read in every form; what cannot be read or proven is left unread, and what it would give is missing.
-- payment: what hangs on the file has its typed reason instead of an amount.
select file_kind, null as source_line, format('{} was not read: {}', file, reason) as finding
from stage.unread_file
