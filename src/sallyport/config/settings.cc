// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/settings.h"

namespace sallyport::config {
namespace {

constexpr SettingSection kSections[] = {
    {"", "The gateway itself."},
    {"session", "How long people stay signed in, and where the session is kept."},
    {"compat", "What next-auth clients and applications with next-auth code of their own expect."},
    {"signin.password", "Users and passwords in Sallyport's own store. On when the section is there."},
    {"signin.backend", "An existing API checks the password (POST, JSON); its tokens stay in the session. On when the section is there."},
    {"signin.backend.fields", "Names of the form's fields as the API knows them, e.g. email = \"username\". Unlisted names pass as they are.", true},
    {"signin.provider.NAME", "Sign-in with another service by OpenID Connect or OAuth 2.0. NAME is its id in paths and in next-auth, e.g. \"google\"; `sallyport providers` lists the known ones, which need client_id and client_secret only, here or as AUTH_<NAME>_ID and AUTH_<NAME>_SECRET in the environment."},
    {"signin.email", "Sending of mail: confirmations and password resets."},
    {"signin.throttle", "Limits of sign-in attempts and mails, by client address (IPv6 by /64) and by account."},
    {"upstream.NAME", "One server behind the gateway; NAME is what routes call it."},
    {"route", "Which requests go to which upstream; the longest matching path wins. Repeated: one [[route]] each."},
    {"pages", "How Sallyport's own pages look, or which pages of the application replace them."},
    {"headers", "Header fields added to every answer of an upstream, e.g. X-Frame-Options = \"DENY\".", true},
    {"limits", "What a client may ask of the server, and how slow it may be."},
    {"log", "The diagnostic log and the access log."},
};

constexpr Setting kSettings[] = {
    {"", "public_url", "URL", "", "The one origin that browsers see, e.g. \"https://app.example.com\". Required; never taken from the Host header."},
    {"", "secret", "string or list", "", "At least 32 bytes, from `sallyport secret`. A list rotates: the first seals, every one opens. This or secret_file is required."},
    {"", "secret_file", "path", "", "A file with the secret, one a line, instead of `secret`."},
    {"", "listen", "address or list", "\"127.0.0.1:8080\"", "Where to accept connections: HOST:PORT with an IP address, or unix:/PATH."},
    {"", "store", "string", "\"sqlite:sallyport.db\"", "Where users and sessions are kept: sqlite:PATH; a relative path starts at the configuration file. The folder must exist."},
    {"", "tls_ca_file", "path", "", "Certificate authorities (PEM) trusted for outbound https and mail, besides the system's."},
    {"", "audit_retention", "duration", "\"400d\"", "How long events of the audit log are kept."},
    {"", "mail_retention", "duration", "\"30d\"", "How long mail is kept that could not be delivered."},
    {"", "aliases", "list of URLs", "[]", "Other origins that are this site too."},
    {"", "internal_hosts", "list of hosts", "[]", "Authorities (host[:port]) under which the front end's server may call /api/auth/* only."},
    {"", "trusted_proxies", "list of networks", "[]", "Addresses (CIDR) whose X-Forwarded-For and X-Forwarded-Proto are believed."},
    {"", "workers", "number", "0", "Worker threads; 0: one per core."},
    {"", "admin", "address", "", "Where /healthz and /readyz are answered, e.g. \"127.0.0.1:9090\". Off unless set."},
    {"", "admin_socket", "path", "", "The unix socket for the command line; by default the store's path with \".sock\"."},
    {"", "drain_limit", "duration", "\"30s\"", "How long requests in flight may take to end after SIGTERM."},
    {"", "allow_insecure_http", "boolean", "false", "A weakening: allows a public_url with http:// that is not localhost. Cookies and passwords then travel readable."},
    {"", "allow_remote_admin", "boolean", "false", "A weakening: allows `admin` on an address that is not loopback."},

    {"session", "strategy", "\"database\" | \"jwt\"", "\"database\"", "database: a small opaque cookie. jwt: an encrypted cookie in next-auth's format. Both can be revoked at once."},
    {"session", "idle_timeout", "duration", "\"7d\"", "A session ends when it has not been used for so long."},
    {"session", "max_lifetime", "duration", "\"30d\"", "A session ends so long after the sign-in, however much it is used."},
    {"session", "update_age", "duration", "\"5m\"", "Use of a session is written down at most this often."},
    {"session", "claims", "list", "[]", "Custom claims shown by GET /api/auth/session; \"id\" adds user.id."},
    {"session", "update_claims", "list", "[]", "Custom claims that the application may set by POST /api/auth/session."},
    {"session", "cache_entries", "number", "100000", "Sessions held in memory by each worker."},

    {"compat", "next_auth", "\"v4\" | \"v5\" | \"off\"", "\"v5\"", "Cookie names, format of the session cookie, and what GET /api/auth/session says without a session (v5: null, v4: {})."},
    {"compat", "secret", "string or list", "", "The application's own next-auth secret, only for applications that decrypt the cookie themselves."},
    {"compat", "forward_session_cookie", "boolean", "false", "Passes the session cookie on to upstreams of kind \"pages\". Needs strategy \"jwt\", compat.secret and next_auth."},
    {"compat", "adopt_until", "date", "", "Session cookies that next-auth made before the move are taken over until this day, e.g. 2027-01-31."},

    {"signin.password", "enabled", "boolean", "true", "Switches the method off without removing the section."},
    {"signin.password", "registration", "\"verified\" | \"closed\" | \"open\"", "", "verified: after confirming the address (default when mail can be sent). closed: only `sallyport user add` (default otherwise). open: a weakening, anybody takes any address."},
    {"signin.password", "min_length", "number", "8", "Characters of a new password, 8 to 64."},
    {"signin.password", "reset_lifetime", "duration", "\"1h\"", "How long a mailed link for a new password works."},
    {"signin.password", "verify_lifetime", "duration", "\"24h\"", "How long a mailed confirmation link works."},
    {"signin.password", "id", "string", "\"credentials\"", "The method's next-auth provider id."},

    {"signin.backend", "enabled", "boolean", "true", "Switches the method off without removing the section."},
    {"signin.backend", "url", "URL", "", "The API's login endpoint. Required."},
    {"signin.backend", "id", "string", "", "The method's next-auth provider id: \"credentials\", or \"backend\" when passwords are on too."},
    {"signin.backend", "user_path", "dotted path", "\"user\"", "Where the answer has the user object."},
    {"signin.backend", "id_path", "dotted path", "\"user.id\"", "Where the answer has the user's id."},
    {"signin.backend", "name_path", "dotted path", "\"user.name\"", "Where the answer has the name."},
    {"signin.backend", "email_path", "dotted path", "\"user.email\"", "Where the answer has the e-mail address."},
    {"signin.backend", "image_path", "dotted path", "\"user.image\"", "Where the answer has the URL of a picture."},
    {"signin.backend", "groups_path", "dotted path", "", "Where the answer has a list of groups; not taken unless set."},
    {"signin.backend", "access_token_path", "dotted path", "\"accessToken\"", "Where the answer has the API's own access token."},
    {"signin.backend", "refresh_token_path", "dotted path", "\"refreshToken\"", "Where the answer has its refresh token."},
    {"signin.backend", "expires_in_path", "dotted path", "\"expiresIn\"", "Where the answer has the access token's life in seconds."},
    {"signin.backend", "claims", "list", "[]", "Members of the user object that are kept as custom claims."},
    {"signin.backend", "refresh_url", "URL", "", "POST {refresh_field: token} here gets new tokens; no refresh unless set."},
    {"signin.backend", "refresh_field", "string", "\"refreshToken\"", "The member of that request which holds the refresh token."},
    {"signin.backend", "logout_url", "URL", "", "Told, with the bearer, when somebody signs out; best effort."},
    {"signin.backend", "timeout", "duration", "\"10s\"", "How long the API may take to answer."},

    {"signin.provider.NAME", "enabled", "boolean", "true", "Switches the provider off without removing the section."},
    {"signin.provider.NAME", "client_id", "string", "", "Who this application is at the provider. AUTH_<NAME>_ID unless set."},
    {"signin.provider.NAME", "client_secret", "string", "", "Its secret. AUTH_<NAME>_SECRET unless set."},
    {"signin.provider.NAME", "client_secret_file", "path", "", "A file with the secret, instead of client_secret."},
    {"signin.provider.NAME", "type", "string", "", "The known provider that it is; NAME unless set."},
    {"signin.provider.NAME", "kind", "\"oidc\" | \"oauth\"", "", "For a provider that is not known: oidc needs issuer, oauth needs the three endpoints and the profile_ keys."},
    {"signin.provider.NAME", "name", "string", "", "What people read on the button."},
    {"signin.provider.NAME", "issuer", "URL", "", "OpenID Connect: the issuer, exactly as the provider says. Others: the address of a server of one's own. AUTH_<NAME>_ISSUER unless set."},
    {"signin.provider.NAME", "tenant", "string", "", "Your directory or account at providers that have such: Entra ID, FusionAuth, NetSuite."},
    {"signin.provider.NAME", "discovery_url", "URL", "", "Where the provider describes itself; by default below the issuer."},
    {"signin.provider.NAME", "authorization_endpoint", "URL", "", "Where people are sent to; by default from discovery or the known provider."},
    {"signin.provider.NAME", "token_endpoint", "URL", "", "Where codes become tokens; likewise."},
    {"signin.provider.NAME", "userinfo_endpoint", "URL", "", "Where the profile comes from; likewise. May hold {access_token} and {token.MEMBER} of the token answer."},
    {"signin.provider.NAME", "scope", "string", "", "What is asked for; \"openid profile email\" for OpenID Connect."},
    {"signin.provider.NAME", "response_mode", "\"query\" | \"form_post\"", "", "How the answer comes back, where the provider has to be told."},
    {"signin.provider.NAME", "authorization_parameters", "table of strings", "{}", "More parameters of the authorization request, e.g. { prompt = \"consent\" }. An empty one leaves out the known provider's."},
    {"signin.provider.NAME", "userinfo_headers", "table of strings", "{}", "More header fields of the request for the profile."},
    {"signin.provider.NAME", "client_authentication", "string", "\"client_secret_basic\"", "\"client_secret_basic\", \"client_secret_post\", \"private_key_jwt\" or \"none\"; known providers have their own default."},
    {"signin.provider.NAME", "private_key", "PEM", "", "For private_key_jwt and Apple: PKCS #8."},
    {"signin.provider.NAME", "private_key_file", "path", "", "A file with it, instead of private_key."},
    {"signin.provider.NAME", "key_id", "string", "", "The key's id at the provider."},
    {"signin.provider.NAME", "team_id", "string", "", "Apple: the developer team."},
    {"signin.provider.NAME", "id_token_alg", "string", "", "The one signature algorithm that its ID tokens may have, e.g. \"HS256\"; by default what discovery says."},
    {"signin.provider.NAME", "profile_from", "\"id_token\" | \"userinfo\"", "", "OpenID Connect: where the profile is read; \"id_token\" unless set."},
    {"signin.provider.NAME", "profile_id", "expression", "\"sub | id\"", "Where the profile has the account's id: a path (\"data.user.id\"), alternatives (\"a | b\") or a template (\"{first} {last}\")."},
    {"signin.provider.NAME", "profile_name", "expression", "\"name | nickname | preferred_username\"", "Likewise the name."},
    {"signin.provider.NAME", "profile_email", "expression", "\"email\"", "Likewise the e-mail address."},
    {"signin.provider.NAME", "profile_image", "expression", "\"picture\"", "Likewise the URL of a picture."},
    {"signin.provider.NAME", "profile_email_verified", "path", "", "Where the profile says true when the address is confirmed; \"email_verified\" for OpenID Connect."},
    {"signin.provider.NAME", "pkce", "boolean", "true", "false, a weakening: for a provider that refuses code_challenge."},
    {"signin.provider.NAME", "nonce", "boolean", "true", "false, a weakening: for a provider that does not return it."},
    {"signin.provider.NAME", "trust_email", "boolean", "false", "A weakening: its addresses count as confirmed though it does not say so."},
    {"signin.provider.NAME", "allow_registration", "boolean", "true", "false: only people who have connected it before can sign in with it."},
    {"signin.provider.NAME", "allow_private_network", "boolean", "false", "A weakening: the provider may be on this machine or in a private network, and may use http://."},

    {"signin.email", "smtp", "URL", "", "smtp://HOST:PORT or smtps://USER:PASSWORD@HOST; take the password from the environment: ${SMTP_PASSWORD}. Required."},
    {"signin.email", "from", "mail address", "", "Sender of the mails, e.g. \"Example <no-reply@example.com>\". Required."},

    {"signin.throttle", "failures_before_delay", "number", "5", "Wrong passwords of one account from one address until it has to wait."},
    {"signin.throttle", "lockout", "duration", "\"1m\"", "The first wait; it doubles."},
    {"signin.throttle", "max_lockout", "duration", "\"15m\"", "The longest wait."},
    {"signin.throttle", "attempts_per_address_per_minute", "number", "60", "Sign-in attempts of one client address."},
    {"signin.throttle", "attempts_per_account_per_hour", "number", "100", "Sign-in attempts for one account, from wherever."},
    {"signin.throttle", "mails_per_address_per_hour", "number", "20", "Mails that one client address may cause."},
    {"signin.throttle", "mails_per_account_per_hour", "number", "5", "Mails to one address."},

    {"upstream.NAME", "url", "URL or list", "", "http://HOST:PORT or unix:/PATH; several are tried in turn. Required."},
    {"upstream.NAME", "kind", "\"api\" | \"pages\"", "\"api\"", "pages: a server-rendered front end; csrf defaults to \"origin\", and it gets X-Auth-Csrf."},
    {"upstream.NAME", "audience", "string", "", "`aud` of its access tokens; by default NAME."},
    {"upstream.NAME", "claims", "list", "[]", "What its access tokens say beyond the user id: \"email\", \"name\", \"groups\", custom claims."},
    {"upstream.NAME", "bearer_for", "upstream", "", "kind = \"pages\": its server components get an access token for this API."},
    {"upstream.NAME", "host", "\"public\" | \"upstream\"", "\"public\"", "The Host header it sees: that of public_url, or its own."},
    {"upstream.NAME", "csrf", "\"token\" | \"origin\" | \"off\"", "", "What unsafe requests must show: token (default for api), origin (default for pages), off (a weakening)."},
    {"upstream.NAME", "connect_timeout", "duration", "\"3s\"", "To connect; then 502."},
    {"upstream.NAME", "head_timeout", "duration", "\"1m\"", "Until the answer's head is there; then 504."},
    {"upstream.NAME", "idle_timeout", "duration", "\"5m\"", "Between two pieces of an answer's body."},
    {"upstream.NAME", "pooled_idle_timeout", "duration", "\"50s\"", "Unused connections are closed after this; keep it below the upstream's own keep-alive time-out."},
    {"upstream.NAME", "max_connections", "number", "1024", "Connections per worker and address."},
    {"upstream.NAME", "max_pooled", "number", "256", "Idle connections kept per worker and address."},
    {"upstream.NAME", "failures_until_out", "number", "3", "Failures in a row that take an address out."},
    {"upstream.NAME", "out_for", "duration", "\"10s\"", "How long it stays out before one probe."},

    {"route", "path", "path", "", "\"/exact\", or \"/prefix/*\" for /prefix and everything below. Required."},
    {"route", "upstream", "upstream", "", "Where matching requests go. Required."},
    {"route", "access", "\"session\" | \"optional\" | \"public\"", "\"session\"", "session: only signed-in people. optional: everybody, and the upstream learns who. public: everybody, no session is looked up."},
    {"route", "identity", "\"jwt\" | \"backend\" | \"headers\" | \"none\"", "\"none\"", "How the upstream learns who: a signed access token, the API's own token, X-Auth-* headers, or not."},
    {"route", "csrf", "\"token\" | \"origin\" | \"off\"", "", "Overrides the upstream's."},
    {"route", "strip_prefix", "boolean", "false", "The upstream sees /x for /prefix/x."},
    {"route", "authorization", "\"drop\" | \"pass\"", "\"drop\"", "pass: a client's own Authorization header reaches the upstream."},
    {"route", "groups", "list", "[]", "Only people in one of these groups; others get 403."},
    {"route", "claims", "table of lists", "{}", "Only people whose custom claims have one of these values, e.g. { plan = [\"pro\", \"team\"] }."},
    {"route", "max_body", "size", "", "The largest request body, e.g. \"10MiB\"; unlimited unless set."},

    {"pages", "name", "string", "\"Sallyport\"", "The site's name on the pages."},
    {"pages", "color", "colour", "\"#2f5bea\"", "The brand colour, #rrggbb."},
    {"pages", "logo", "path or URL", "", "An image above the form."},
    {"pages", "sign_in", "path", "", "The application's own sign-in page, e.g. \"/login\"."},
    {"pages", "sign_out", "path", "", "Its own sign-out page."},
    {"pages", "error", "path", "", "Its own error page; gets ?error=CODE."},
    {"pages", "verify_request", "path", "", "Its own \"check your mail\" page."},
    {"pages", "new_user", "path", "", "Where people go after their first sign-in."},

    {"limits", "head_bytes", "size", "\"16KiB\"", "Request head; beyond it 431."},
    {"limits", "target_bytes", "size", "\"8KiB\"", "Path and query; beyond it 414."},
    {"limits", "header_fields", "number", "100", "Header fields; beyond it 431."},
    {"limits", "connections", "number", "65536", "Client connections; beyond it 503."},
    {"limits", "header_timeout", "duration", "\"10s\"", "From the first byte of a head to its last; then 408."},
    {"limits", "idle_timeout", "duration", "\"75s\"", "Between two requests of a connection."},
    {"limits", "body_timeout", "duration", "\"30s\"", "Between two pieces of a request's body."},
    {"limits", "write_timeout", "duration", "\"30s\"", "For a client that accepts nothing."},

    {"log", "level", "\"debug\" | \"info\" | \"warn\" | \"error\"", "\"info\"", "The least important line that is written."},
    {"log", "format", "\"text\" | \"json\"", "\"text\"", "One line an event, for people or for machines."},
    {"log", "file", "path", "", "Standard error unless set."},
    {"log", "access", "boolean", "true", "One line a request."},
    {"log", "access_file", "path", "", "Standard output unless set."},
    {"log", "access_format", "\"text\" | \"json\"", "", "As `format` unless set."},
};

}  // namespace

std::span<const SettingSection> AllSections() { return kSections; }
std::span<const Setting> AllSettings() { return kSettings; }

std::vector<std::string> KeysOf(std::string_view section) {
  std::vector<std::string> keys;
  for (const auto& setting : kSettings) {
    if (setting.section == section) keys.emplace_back(setting.key);
  }
  return keys;
}

}  // namespace sallyport::config
