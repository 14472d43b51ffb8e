-- What a provider's back-channel logout names a session by. NULL in rows from before, and from an older process during an
-- upgrade: not known, the sealed tokens say it. '' when there is none.
ALTER TABLE sessions ADD COLUMN provider_subject TEXT;
ALTER TABLE sessions ADD COLUMN provider_sid TEXT;
CREATE INDEX sessions_provider_subject ON sessions (method, provider_subject) WHERE provider_subject <> '';
CREATE INDEX sessions_provider_sid ON sessions (method, provider_sid) WHERE provider_sid <> '';
CREATE INDEX sessions_provider_unknown ON sessions (method) WHERE provider_subject IS NULL;
