// SPDX-License-Identifier: Apache-2.0
#include "sallyport/config/provider_reference.h"

#include <fmt/format.h>

#include "sallyport/config/reference.h"

namespace sallyport::config {
namespace {

using signin::ProviderKind;
using signin::ProviderRow;

constexpr std::string_view kIntroduction = R"(# Sign-in with other services

<!-- Made from src/sallyport/signin/providers/ by `sallyport providers --reference`; a test compares the two. -->

Every provider that Auth.js ships is known by the same id, so that an application moves here with the credentials that it has:

```toml
[signin.provider.google]
client_id = "…"
client_secret = "${AUTH_GOOGLE_SECRET}"
```

or nothing in the file and `AUTH_GOOGLE_ID`, `AUTH_GOOGLE_SECRET` (and `AUTH_…_ISSUER` where one is needed) in the environment.
Register `https://YOUR-SITE/api/auth/callback/google` as redirect URI at the provider; `sallyport providers show google` prints
this address for your `public_url`, and where the credentials come from.

State is always sent, PKCE and nonce wherever the provider does not refuse them. Explicit keys win over what is known: see
`[signin.provider.NAME]` in [configuration.md](configuration.md).

## A provider that is not listed

By OpenID Connect, an issuer is enough:

```toml
[signin.provider.work]
kind = "oidc"
issuer = "https://id.example.com"
client_id = "…"
client_secret = "${WORK_SECRET}"
```

By OAuth 2.0, say where everything is:

```toml
[signin.provider.forge]
kind = "oauth"
authorization_endpoint = "https://forge.example.com/oauth/authorize"
token_endpoint = "https://forge.example.com/oauth/token"
userinfo_endpoint = "https://forge.example.com/api/me"
scope = "read:user"
profile_id = "data.id"
profile_name = "data.name | data.login"
profile_email = "data.emails[primary].address"
profile_email_verified = "data.emails[primary].confirmed"
profile_image = "https://forge.example.com/avatars/{data.id}.png"
client_id = "…"
client_secret = "${FORGE_SECRET}"
```

A second one of a known kind takes its `type`: `[signin.provider.partners]` with `type = "okta"`.

**Expressions** say where the profile has a value: a path (`data.user.id`, `images[0].url`), the first element of a list whose flags
are true (`emails[primary,verified].email`), alternatives (`name | login`), or a template (`{first_name} {last_name}`). In names, what
is missing is left out; a template with other text, such as a URL, needs all of its parts.

**Addresses** link a sign-in to an existing user only when the provider says that they are confirmed, as the column below tells;
`trust_email = true` overrides that, and whoever can choose an address there can then take over the user who has it here.

## Known providers
)";

bool NeedsUserinfo(const ProviderRow& row) { return row.kind == ProviderKind::kOAuth2 && row.userinfo.empty(); }

// Beyond client id and secret.
std::string MoreKeys(const ProviderRow& row) {
  std::string out;
  const auto add = [&](std::string_view key) { out += fmt::format("{}`{}`", out.empty() ? "" : ", ", key); };
  if (row.self_signed_secret) add("team_id"), add("key_id"), add("private_key_file");
  if (!row.issuer_example.empty()) add("issuer");
  if (!row.tenant_meaning.empty() && row.discovery.empty() && row.default_tenant.empty()) add("tenant");
  if (NeedsUserinfo(row)) add("userinfo_endpoint");
  if (!row.required_header.empty()) add("userinfo_headers");
  return out;
}

std::string Scope(const ProviderRow& row) {
  if (!row.scope.empty()) return fmt::format("`{}`", row.scope);
  return row.kind == ProviderKind::kOidc ? "`openid profile email`" : "";
}

std::string Console(const ProviderRow& row) {
  return row.console.starts_with("https://") ? fmt::format("<{}>", row.console) : std::string(row.console);
}

}  // namespace

std::string_view KindName(ProviderKind kind) { return kind == ProviderKind::kOidc ? "OpenID Connect" : "OAuth 2.0"; }

std::string ConfirmedAddresses(const ProviderRow& row) {
  if (row.profile_email.empty()) return "no address";
  const auto flag = row.verified.empty() && row.kind == ProviderKind::kOidc ? std::string_view("email_verified") : row.verified;
  switch (row.verification.value_or(flag.empty() ? signin::EmailVerification::kNever : signin::EmailVerification::kFlag)) {
    case signin::EmailVerification::kNever: return "never";
    case signin::EmailVerification::kFlag:
    case signin::EmailVerification::kPresence: return fmt::format("by {}", flag);
    case signin::EmailVerification::kAlways: return "always: no others are taken";
  }
  return "";
}

std::string ProviderExample(const ProviderRow& row) {
  std::string out = fmt::format("[signin.provider.{}]\nclient_id = \"…\"\n", row.id);
  if (row.self_signed_secret) out += "team_id = \"…\"\nkey_id = \"…\"\nprivate_key_file = \"AuthKey.p8\"\n";
  else out += fmt::format("client_secret = \"${{{}}}\"\n", signin::EnvironmentName(row.id, "SECRET"));
  if (!row.issuer_example.empty()) out += fmt::format("issuer = \"{}\"\n", row.issuer_example);
  if (!row.tenant_meaning.empty()) {
    const bool optional = !row.default_tenant.empty() || !row.discovery.empty();
    out += fmt::format("{}tenant = \"{}\"   # {}\n", optional ? "#" : "", row.default_tenant.empty() ? "…" : row.default_tenant, row.tenant_meaning);
  }
  if (NeedsUserinfo(row)) out += "userinfo_endpoint = \"https://…\"\n";
  if (!row.required_header.empty()) out += fmt::format("userinfo_headers = {{ {} = \"${{API_KEY}}\" }}\n", row.required_header);
  return out;
}

std::string ProvidersMarkdown() {
  std::string out(kIntroduction);
  out += "\n| id | name | kind | needs besides id and secret | scope | addresses count as confirmed | credentials from |\n|---|---|---|---|---|---|---|\n";
  std::string notes;
  for (const auto* row : signin::KnownProviders()) {
    out += fmt::format("| `{}` | {} | {} | {} | {} | {} | {} |\n", row->id, row->name, KindName(row->kind), MoreKeys(*row), Scope(*row),
                       MarkdownCell(ConfirmedAddresses(*row)), Console(*row));
    if (!row->note.empty()) notes += fmt::format("- **{}** (`{}`): {}\n", row->name, row->id, row->note);
  }
  return out + "\n## Worth knowing\n\n" + notes;
}

}  // namespace sallyport::config
