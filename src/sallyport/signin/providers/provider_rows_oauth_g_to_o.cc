// SPDX-License-Identifier: Apache-2.0
// Providers of plain OAuth 2.0, github to osu.
#include "sallyport/signin/providers/provider_table.h"

namespace sallyport::signin {
namespace {

using enum ClientAuthentication;
using enum ProviderKind;

constexpr std::string_view kOwnServer = "the administration of your own server";

constexpr ProviderRow kRows[] = {
    // The public address of the profile says nothing about whose it is: only the list's primary, confirmed one counts.
    {.id = "github", .name = "GitHub", .kind = kOAuth2, .console = "https://github.com/settings/developers", .issuer = "https://github.com",
     .answer_issuer = "{issuer}/login/oauth", .authorize = "{issuer}/login/oauth/authorize", .scope = "read:user user:email",
     .token = "{issuer}/login/oauth/access_token", .userinfo = "https://api.github.com/user", .own_userinfo = "{issuer}/api/v3/user",
     .later_url = "{userinfo}/emails", .later_into = "emails",
     .profile_id = "id", .profile_name = "name | login", .profile_email = "emails[primary,verified].email", .profile_image = "avatar_url",
     .verification = EmailVerification::kAlways, .note = "For GitHub Enterprise set issuer = \"https://HOST\"."},
    {.id = "gitlab", .name = "GitLab", .kind = kOAuth2, .console = "https://gitlab.com/-/user_settings/applications", .issuer = "https://gitlab.com",
     .authorize = "{issuer}/oauth/authorize", .scope = "read_user", .token = "{issuer}/oauth/token", .userinfo = "{issuer}/api/v4/user",
     .profile_name = "name | username", .profile_image = "avatar_url", .verification = EmailVerification::kPresence, .verified = "confirmed_at",
     .note = "For a server of your own set issuer = \"https://HOST\"."},
    {.id = "hubspot", .name = "HubSpot", .kind = kOAuth2, .console = "https://developers.hubspot.com",
     .authorize = "https://app.hubspot.com/oauth/authorize", .scope = "oauth", .token = "https://api.hubapi.com/oauth/v1/token",
     .authentication = kPost, .userinfo = "https://api.hubapi.com/oauth/v1/access-tokens/{access_token}", .bearer = false,
     .profile_id = "user_id", .profile_name = "user", .profile_email = "user", .profile_image = ""},
    {.id = "instagram", .name = "Instagram", .kind = kOAuth2, .console = "https://developers.facebook.com/apps",
     .authorize = "https://api.instagram.com/oauth/authorize", .scope = "user_profile", .token = "https://api.instagram.com/oauth/access_token",
     .authentication = kPost, .userinfo = "https://graph.instagram.com/me?fields=id,username,account_type,name",
     .profile_id = "id", .profile_name = "username", .profile_email = "", .profile_image = ""},
    {.id = "kakao", .name = "Kakao", .kind = kOAuth2, .console = "https://developers.kakao.com/console/app",
     .authorize = "https://kauth.kakao.com/oauth/authorize", .token = "https://kauth.kakao.com/oauth/token", .authentication = kPost,
     .userinfo = "https://kapi.kakao.com/v2/user/me",
     .profile_id = "id", .profile_name = "kakao_account.profile.nickname", .profile_email = "kakao_account.email",
     .profile_image = "kakao_account.profile.profile_image_url",
     .verified = "kakao_account.is_email_valid & kakao_account.is_email_verified"},
    {.id = "mailchimp", .name = "Mailchimp", .kind = kOAuth2, .console = "https://admin.mailchimp.com/account/oauth2",
     .authorize = "https://login.mailchimp.com/oauth2/authorize", .token = "https://login.mailchimp.com/oauth2/token",
     .userinfo = "https://login.mailchimp.com/oauth2/metadata",
     .profile_id = "login.login_id", .profile_name = "accountname", .profile_email = "login.email", .profile_image = ""},
    {.id = "mailru", .name = "Mail.ru", .kind = kOAuth2, .console = "https://o2.mail.ru/app", .authorize = "https://oauth.mail.ru/login",
     .scope = "userinfo", .token = "https://oauth.mail.ru/token", .userinfo = "https://oauth.mail.ru/userinfo",
     .profile_image = "picture | image"},
    {.id = "mastodon", .name = "Mastodon", .kind = kOAuth2, .console = "Preferences, Development of your account",
     .issuer_example = "https://mastodon.social", .authorize = "{issuer}/oauth/authorize", .scope = "read", .token = "{issuer}/oauth/token",
     .userinfo = "{issuer}/api/v1/accounts/verify_credentials",
     .profile_id = "id", .profile_name = "username", .profile_email = "", .profile_image = "avatar_static"},
    {.id = "mattermost", .name = "Mattermost", .kind = kOAuth2, .console = kOwnServer, .issuer_example = "https://HOST",
     .authorize = "{issuer}/oauth/authorize", .token = "{issuer}/oauth/access_token", .authentication = kPost,
     .userinfo = "{issuer}/api/v4/users/me",
     .profile_id = "id", .profile_name = "username | {first_name} {last_name}", .profile_image = "", .verified = "email_verified"},
    {.id = "medium", .name = "Medium", .kind = kOAuth2, .console = "https://medium.com/me/applications",
     .authorize = "https://medium.com/m/oauth/authorize", .scope = "basicProfile", .token = "https://api.medium.com/v1/tokens",
     .userinfo = "https://api.medium.com/v1/me",
     .profile_id = "data.id", .profile_name = "data.name", .profile_email = "", .profile_image = "data.imageUrl"},
    {.id = "naver", .name = "Naver", .kind = kOAuth2, .console = "https://developers.naver.com/apps",
     .authorize = "https://nid.naver.com/oauth2.0/authorize", .token = "https://nid.naver.com/oauth2.0/token",
     .userinfo = "https://openapi.naver.com/v1/nid/me", .unwrap = "response",
     .profile_id = "id", .profile_name = "nickname", .profile_image = "profile_image"},
    {.id = "netlify", .name = "Netlify", .kind = kOAuth2, .console = "https://app.netlify.com/user/applications",
     .authorize = "https://app.netlify.com/authorize", .token = "https://api.netlify.com/oauth/token",
     .userinfo = "https://api.netlify.com/api/v1/user", .profile_id = "id", .profile_name = "full_name", .profile_image = "avatar_url"},
    {.id = "netsuite", .name = "NetSuite", .kind = kOAuth2, .console = "Setup, Integration, Manage Integrations of your account",
     .tenant_meaning = "the account's id, as in ACCOUNT.app.netsuite.com",
     .authorize = "https://{tenant}.app.netsuite.com/app/login/oauth2/authorize.nl", .scope = "restlets rest_webservices",
     .token = "https://{tenant}.suitetalk.api.netsuite.com/services/rest/auth/oauth2/v1/token",
     .profile_id = "id", .profile_name = "name", .profile_image = "",
     .note = "userinfo_endpoint is a RESTlet of your own that answers with runtime.getCurrentUser()."},
    {.id = "nextcloud", .name = "Nextcloud", .kind = kOAuth2, .console = kOwnServer, .issuer_example = "https://HOST",
     .authorize = "{issuer}/apps/oauth2/authorize", .token = "{issuer}/apps/oauth2/api/v1/token",
     .userinfo = "{issuer}/ocs/v1.php/cloud/users/{token.user_id}", .unwrap = "ocs.data", .headers = {{{"OCS-APIRequest", "true"}}},
     .profile_id = "id", .profile_name = "displayname", .profile_image = "{issuer}/avatar/{id}/512"},
    {.id = "notion", .name = "Notion", .kind = kOAuth2, .console = "https://www.notion.so/profile/integrations",
     .authorize = "https://api.notion.com/v1/oauth/authorize", .parameters = {{{"owner", "user"}}},
     .token = "https://api.notion.com/v1/oauth/token", .userinfo = "https://api.notion.com/v1/users/me", .unwrap = "bot.owner.user",
     .headers = {{{"Notion-Version", "2022-06-28"}}},
     .profile_id = "id", .profile_name = "name", .profile_email = "person.email", .profile_image = "avatar_url",
     .note = "The integration has to be public and may read users with their addresses."},
    {.id = "osso", .name = "Osso", .kind = kOAuth2, .console = kOwnServer, .issuer_example = "https://HOST",
     .authorize = "{issuer}/oauth/authorize", .token = "{issuer}/oauth/token", .userinfo = "{issuer}/oauth/me"},
    {.id = "osu", .name = "osu!", .kind = kOAuth2, .console = "https://osu.ppy.sh/home/account/edit#oauth",
     .authorize = "https://osu.ppy.sh/oauth/authorize", .scope = "identify", .token = "https://osu.ppy.sh/oauth/token",
     .userinfo = "https://osu.ppy.sh/api/v2/me",
     .profile_id = "id", .profile_name = "username", .profile_email = "", .profile_image = "avatar_url"},
};

}  // namespace

std::span<const ProviderRow> OAuthRowsGToO() { return kRows; }

}  // namespace sallyport::signin
