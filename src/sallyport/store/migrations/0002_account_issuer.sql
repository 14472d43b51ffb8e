-- Who vouches for "providerAccountId" (OpenID Connect's `iss`): a provider id that is given another issuer later must not
-- hand the first one's accounts to the second one's people. '' in rows from before and for plain OAuth 2.0.
ALTER TABLE accounts ADD COLUMN issuer TEXT NOT NULL DEFAULT '';
