-- Names follow the Auth.js schema where it has them. Times are milliseconds since 1970, UTC.

CREATE TABLE users (
  id              TEXT PRIMARY KEY NOT NULL CHECK (id <> ''),
  name            TEXT,
  email           TEXT UNIQUE CHECK (email <> ''),
  "emailVerified" INTEGER,
  image           TEXT,
  "groups"        TEXT NOT NULL DEFAULT '',      -- joined by commas
  password_hash   TEXT CHECK (password_hash <> ''),
  disabled        INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE accounts (
  "userId"            TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  type                TEXT NOT NULL,
  provider            TEXT NOT NULL CHECK (provider <> ''),
  "providerAccountId" TEXT NOT NULL CHECK ("providerAccountId" <> ''),
  refresh_token       BLOB,                      -- tokens are sealed
  access_token        BLOB,
  id_token            BLOB,
  expires_at          INTEGER,
  token_type          TEXT,
  scope               TEXT,
  session_state       TEXT,
  PRIMARY KEY (provider, "providerAccountId")
) STRICT;
CREATE INDEX accounts_user ON accounts ("userId");

-- No foreign key to users: adopted sessions have no row there.
CREATE TABLE sessions (
  id             TEXT PRIMARY KEY NOT NULL CHECK (id <> ''),
  "sessionToken" BLOB UNIQUE CHECK (length("sessionToken") = 32),  -- SHA-256 of the token; none for stateless ones
  "userId"       TEXT NOT NULL,
  expires        INTEGER NOT NULL,               -- idle end
  absolute_end   INTEGER NOT NULL,
  method         TEXT NOT NULL,
  amr            TEXT NOT NULL DEFAULT '',       -- joined by commas
  auth_time      INTEGER NOT NULL,
  last_seen      INTEGER NOT NULL,
  ip             TEXT NOT NULL DEFAULT '',
  user_agent     TEXT NOT NULL DEFAULT '',
  claims         TEXT NOT NULL DEFAULT '{}',
  profile        TEXT NOT NULL DEFAULT '{}',
  sealed_tokens  BLOB NOT NULL DEFAULT x'',
  version        INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX sessions_user ON sessions ("userId");
CREATE INDEX sessions_expires ON sessions (expires);
CREATE INDEX sessions_absolute_end ON sessions (absolute_end);

-- AUTOINCREMENT: a sequence number is never used again, also after its row was deleted.
CREATE TABLE revocations (
  sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
  session_id TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  reason     TEXT NOT NULL,
  until      INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_session ON revocations (session_id);
CREATE INDEX revocations_until ON revocations (until);

CREATE TABLE verification_token (
  serial     INTEGER PRIMARY KEY AUTOINCREMENT,
  identifier TEXT NOT NULL CHECK (identifier <> ''),
  token      TEXT NOT NULL UNIQUE CHECK (token <> ''),             -- SHA-256, hex
  expires    INTEGER NOT NULL,
  purpose    TEXT NOT NULL,
  user_id    TEXT NOT NULL DEFAULT '',
  payload    BLOB NOT NULL DEFAULT x'',          -- sealed
  created_at INTEGER NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX verification_token_identifier ON verification_token (identifier, purpose);
CREATE INDEX verification_token_user ON verification_token (user_id) WHERE user_id <> '';
CREATE INDEX verification_token_expires ON verification_token (expires);

CREATE TABLE signing_keys (
  kid                TEXT PRIMARY KEY NOT NULL CHECK (kid <> ''),
  algorithm          TEXT NOT NULL,
  sealed_private_key BLOB NOT NULL,
  public_jwk         TEXT NOT NULL,
  created_at         INTEGER NOT NULL,
  active_from        INTEGER NOT NULL,
  retired_at         INTEGER
) STRICT;

CREATE TABLE audit_events (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  at         INTEGER NOT NULL,
  event      TEXT NOT NULL,
  outcome    TEXT NOT NULL,
  reason     TEXT NOT NULL,
  user_id    TEXT NOT NULL,
  session_id TEXT NOT NULL,
  actor      TEXT NOT NULL,
  ip         TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  request_id TEXT NOT NULL,
  detail     TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX audit_events_user ON audit_events (user_id, id) WHERE user_id <> '';

CREATE TABLE mail_queue (
  id             INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient      TEXT NOT NULL,
  subject        TEXT NOT NULL,
  sealed_message BLOB NOT NULL,
  created_at     INTEGER NOT NULL,
  next_try       INTEGER NOT NULL,
  tries          INTEGER NOT NULL DEFAULT 0,
  state          TEXT NOT NULL DEFAULT 'queued'
) STRICT;
CREATE INDEX mail_queue_due ON mail_queue (next_try) WHERE state = 'queued';

-- Written by Store::Check.
CREATE TABLE heartbeat (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  beats INTEGER NOT NULL
) STRICT;
INSERT INTO heartbeat VALUES (1, 0);
