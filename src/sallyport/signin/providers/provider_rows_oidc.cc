// SPDX-License-Identifier: Apache-2.0
// Providers that speak OpenID Connect. Where a row says nothing, discovery and the standard claims do.
#include "sallyport/signin/providers/provider_table.h"

namespace sallyport::signin {
namespace {

using enum ClientAuthentication;

constexpr std::string_view kEntraConsole = "https://entra.microsoft.com/#view/Microsoft_AAD_RegisteredApps";
constexpr std::string_view kEntraIssuer = "https://login.microsoftonline.com/{tenant}/v2.0";
constexpr std::string_view kEntraNote =
    "tenant is a directory's id (a UUID), or \"organizations\", \"consumers\" or \"common\" (the default: everybody). Addresses count as "
    "confirmed only with the optional claim xms_edov.";
constexpr std::string_view kOwnServer = "the administration of your own server";

constexpr ProviderRow kRows[] = {
    {.id = "apple", .name = "Apple", .console = "https://developer.apple.com/account/resources/identifiers/list/serviceId",
     .issuer = "https://appleid.apple.com", .scope = "name email", .response_mode = "form_post", .authentication = kPost,
     .self_signed_secret = true,
     .profile_name = "{user.name.firstName} {user.name.lastName} | email", .profile_image = "", .user_in_callback = true, .pkce = false,
     .note = "client_id is the Services ID; instead of client_secret give team_id, key_id and private_key (the .p8 file). Apple sends the "
             "name at the first consent only, and needs https."},
    {.id = "asgardeo", .name = "Asgardeo", .console = "https://console.asgardeo.io",
     .issuer_example = "https://api.asgardeo.io/t/ORGANIZATION/oauth2/token", .issuer_suffix = "/oauth2/token"},
    {.id = "auth0", .name = "Auth0", .console = "https://manage.auth0.com", .issuer_example = "https://TENANT.eu.auth0.com"},
    {.id = "authentik", .name = "Authentik", .console = kOwnServer, .issuer_example = "https://HOST/application/o/SLUG"},
    {.id = "azure-ad", .name = "Azure Active Directory", .console = kEntraConsole, .issuer = kEntraIssuer, .default_tenant = "common",
     .tenant_meaning = "the directory (tenant)", .issuer_has_tenant = true, .scope = "openid profile email User.Read", .profile_name = "name",
     .profile_image = "", .verified = "xms_edov", .note = kEntraNote},
    {.id = "azure-ad-b2c", .name = "Azure AD B2C", .console = "https://portal.azure.com",
     .issuer_example = "https://TENANT.b2clogin.com/TENANT-ID/v2.0",
     .profile_id = "sub", .profile_name = "name | preferred_username", .profile_email = "emails[0]", .profile_image = "",
     .verification = EmailVerification::kNever,
     .note = "Give discovery_url too: https://TENANT.b2clogin.com/TENANT.onmicrosoft.com/USER-FLOW/v2.0/.well-known/openid-configuration."},
    {.id = "bankid-no", .name = "BankID Norge", .console = "https://developer.bankid.no", .issuer = "https://auth.bankid.no/auth/realms/prod",
     .parameters = {{{"ui_locales", "no"}, {"login_hint", "BIS"}}}, .authentication = kPost, .from_userinfo = true,
     .profile_name = "name", .profile_image = ""},
    {.id = "battlenet", .name = "Battle.net", .console = "https://develop.battle.net/access/clients",
     .issuer_example = "https://oauth.battle.net", .profile_id = "sub", .profile_name = "battle_tag", .profile_email = "", .profile_image = ""},
    {.id = "beyondidentity", .name = "Beyond Identity", .console = "https://console-us.beyondidentity.com",
     .issuer_example = "https://auth-us.beyondidentity.com/v1/tenants/TENANT/realms/REALM/applications/APPLICATION",
     .profile_id = "sub", .profile_name = "name", .profile_image = ""},
    {.id = "cognito", .name = "Cognito", .console = "https://console.aws.amazon.com/cognito",
     .issuer_example = "https://cognito-idp.REGION.amazonaws.com/POOL"},
    {.id = "descope", .name = "Descope", .console = "https://app.descope.com", .issuer = "https://api.descope.com/{client_id}",
     .note = "client_id is the project's id."},
    {.id = "duende-identity-server6", .name = "DuendeIdentityServer6", .console = kOwnServer, .issuer_example = "https://HOST"},
    {.id = "frontegg", .name = "Frontegg", .console = "https://portal.frontegg.com", .issuer_example = "https://SUBDOMAIN.frontegg.com",
     .discovery = "{issuer}/oauth/.well-known/openid-configuration", .authorize = "{issuer}/oauth/authorize", .token = "{issuer}/oauth/token",
     .userinfo = "{issuer}/identity/resources/users/v2/me"},
    {.id = "fusionauth", .name = "FusionAuth", .console = kOwnServer, .issuer_example = "https://HOST",
     .tenant_meaning = "the tenant's id, where the server has several",
     .discovery = "{issuer}/.well-known/openid-configuration?tenantId={tenant}", .scope = "openid offline_access email profile",
     .parameters = {{{"tenantId", "{tenant}"}}}, .token = "{issuer}/oauth2/token", .userinfo = "{issuer}/oauth2/userinfo",
     .profile_id = "sub", .profile_name = "name | preferred_username | {given_name} {middle_name} {family_name}"},
    {.id = "google", .name = "Google", .console = "https://console.cloud.google.com/apis/credentials", .issuer = "https://accounts.google.com",
     .note = "A refresh token comes only with authorization_parameters = { access_type = \"offline\", prompt = \"consent\" }."},
    {.id = "huggingface", .name = "Hugging Face", .console = "https://huggingface.co/settings/applications/new", .issuer = "https://huggingface.co"},
    {.id = "hydra", .name = "Hydra", .console = kOwnServer, .issuer_example = "https://PROJECT.projects.oryapis.com"},
    {.id = "identity-server4", .name = "IdentityServer4", .console = kOwnServer, .issuer_example = "https://HOST"},
    {.id = "keycloak", .name = "Keycloak", .console = kOwnServer, .issuer_example = "https://HOST/realms/REALM"},
    {.id = "kinde", .name = "Kinde", .console = "https://app.kinde.com/admin", .issuer_example = "https://SUBDOMAIN.kinde.com"},
    {.id = "line", .name = "LINE", .console = "https://developers.line.biz/console", .issuer = "https://access.line.me", .id_token_alg = "HS256",
     .note = "The address comes only after LINE has granted the channel the right to ask for it."},
    // No nonce comes back in its ID tokens, and a code_verifier makes its token endpoint refuse.
    {.id = "linkedin", .name = "LinkedIn", .console = "https://www.linkedin.com/developers/apps", .issuer = "https://www.linkedin.com/oauth",
     .authentication = kPost, .pkce = false, .nonce = false,
     .note = "The app needs the product \"Sign In with LinkedIn using OpenID Connect\"."},
    {.id = "logto", .name = "Logto", .console = "https://cloud.logto.io", .issuer_example = "https://TENANT.logto.app/oidc",
     .scope = "offline_access openid email profile", .profile_id = "sub", .profile_name = "name | username"},
    {.id = "microsoft-entra-id", .name = "Microsoft Entra ID", .console = kEntraConsole, .issuer = kEntraIssuer, .default_tenant = "common",
     .tenant_meaning = "the directory (tenant)", .issuer_has_tenant = true, .scope = "openid profile email User.Read", .profile_name = "name",
     .profile_image = "", .verified = "xms_edov", .note = kEntraNote},
    {.id = "okta", .name = "Okta", .console = "https://login.okta.com", .issuer_example = "https://DOMAIN.okta.com"},
    {.id = "onelogin", .name = "OneLogin", .console = "https://www.onelogin.com", .issuer_example = "https://SUBDOMAIN.onelogin.com/oidc/2",
     .issuer_suffix = "/oidc/2"},
    {.id = "passage", .name = "Passage", .console = "https://console.passage.id", .issuer_example = "https://SUBDOMAIN.withpassage.com"},
    {.id = "ping-id", .name = "Ping Identity", .console = "https://console.pingone.com", .issuer_example = "https://auth.pingone.eu/ENVIRONMENT/as"},
    {.id = "roblox", .name = "Roblox", .console = "https://create.roblox.com/dashboard/credentials", .issuer = "https://apis.roblox.com/oauth/",
     .scope = "openid profile"},
    {.id = "salesforce", .name = "Salesforce", .console = "https://login.salesforce.com", .issuer = "https://login.salesforce.com",
     .from_userinfo = true},
    {.id = "simplelogin", .name = "SimpleLogin", .console = "https://app.simplelogin.io/developer", .issuer = "https://app.simplelogin.io",
     .profile_id = "sub", .profile_name = "name", .profile_image = "avatar_url"},
    // A code_challenge is for apps that opted in for good.
    {.id = "slack", .name = "Slack", .console = "https://api.slack.com/apps", .issuer = "https://slack.com", .pkce = false},
    {.id = "twitch", .name = "Twitch", .console = "https://dev.twitch.tv/console/apps", .issuer = "https://id.twitch.tv/oauth2",
     .scope = "openid user:read:email",
     .parameters = {{{"claims", R"({"id_token":{"email":null,"email_verified":null,"picture":null,"preferred_username":null}})"}}},
     .authentication = kPost},
    {.id = "united-effects", .name = "United Effects", .console = "https://core.unitedeffects.com",
     .issuer_example = "https://auth.unitedeffects.com/AUTH-GROUP", .scope = "openid email profile", .parameters = {{{"resource", "{issuer}"}}}},
    {.id = "vipps", .name = "Vipps", .console = "https://portal.vippsmobilepay.com", .issuer = "https://api.vipps.no/access-management-1.0/access/",
     .scope = "openid name email", .from_userinfo = true},
    {.id = "zitadel", .name = "ZITADEL", .console = "https://zitadel.cloud", .issuer_example = "https://INSTANCE.zitadel.cloud"},
};

}  // namespace

std::span<const ProviderRow> OidcRows() { return kRows; }

}  // namespace sallyport::signin
