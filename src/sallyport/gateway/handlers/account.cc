// SPDX-License-Identifier: Apache-2.0
// GET /api/auth/account: profile, devices, password and address of the person.
#include <array>

#include "sallyport/gateway/handlers/account_view.h"
#include "sallyport/gateway/handlers/handlers.h"
#include "sallyport/gateway/handlers/providers.h"
#include "sallyport/gateway/middleware/own_answer.h"

namespace sallyport::gateway {
namespace {

struct Name {
  std::string_view sign, name;
};
// Order matters: Edge and Opera also say Chrome, Chrome also says Safari.
constexpr std::array kBrowsers = {Name{"Edg/", "Edge"},       Name{"OPR/", "Opera"},     Name{"Firefox/", "Firefox"},
                                  Name{"Chrome/", "Chrome"},  Name{"Safari/", "Safari"}, Name{"curl/", "curl"}};
constexpr std::array kSystems = {Name{"Android", "Android"}, Name{"iPhone", "iPhone"},    Name{"iPad", "iPad"},
                                 Name{"Windows", "Windows"}, Name{"Mac OS X", "macOS"},   Name{"Linux", "Linux"}};

template <std::size_t kCount>
std::string_view Recognise(const std::array<Name, kCount>& names, std::string_view user_agent) {
  for (const Name& candidate : names) {
    if (user_agent.find(candidate.sign) != std::string_view::npos) return candidate.name;
  }
  return {};
}

std::string When(Timestamp at, Timestamp now) {
  const std::string iso = ToIso8601(at);
  const std::string time = iso.substr(11, 5) + " UTC";
  if (iso.substr(0, 10) == ToIso8601(now).substr(0, 10)) return "today at " + time;
  return iso.substr(0, 10) + " at " + time;
}

std::string HowSignedIn(const Services& services, std::string_view method) {
  if (method == "password") return "with your password, ";
  if (method == "email") return "by mail, ";
  const auto provider = FindProvider(services, method);
  return provider && provider->connection ? "with " + provider->name + ", " : std::string();
}

std::string NoticeFor(std::string_view notice) {
  if (notice == "password") return "Your password was changed. Your other devices were signed out.";
  if (notice == "devices") return "Done. The device was signed out.";
  if (notice == "email") return "Check the new address: the link in the mail makes the change.";
  if (notice == "email_changed") return "Your address was changed.";
  if (notice == "connected") return "Connected. You can sign in there from now on.";
  if (notice == "disconnected") return "Disconnected. Devices that had signed in there were signed out.";
  return {};
}

std::string ErrorFor(std::string_view notice) {
  if (notice == "taken") return "That account belongs to another user here. Sign in with it, and disconnect it there first.";
  if (notice == "not_connected") return "The account was not connected. Please try again.";
  return {};
}

// One row an account, and one for each provider without any.
Task<std::vector<AccountPage::Connection>> ConnectionsOf(AuthRequest& request, model::UserId user) {
  std::vector<AccountPage::Connection> out;
  if (!request.services.oauth) co_return out;
  SALLYPORT_CO_TRY(const auto accounts, co_await request.services.store.users().ListAccounts(std::move(user)));
  for (const Provider& provider : ListProviders(request.services)) {
    if (!provider.connection) continue;
    const auto before = out.size();
    for (const model::Account& account : accounts) {
      if (account.provider == provider.id) out.push_back({provider.id, provider.name, account.provider_account_id});
    }
    if (out.size() == before) out.push_back({provider.id, provider.name, {}});
  }
  co_return out;
}

}  // namespace

std::string DescribeUserAgent(std::string_view user_agent) {
  const std::string_view browser = Recognise(kBrowsers, user_agent), system = Recognise(kSystems, user_agent);
  if (browser.empty() && system.empty()) return "Unknown device";
  if (browser.empty()) return std::string(system);
  if (system.empty()) return std::string(browser);
  return std::string(browser) + " on " + std::string(system);
}

Task<Answer> AccountPageAnswer(AuthRequest& request, const session::Session& session, std::uint16_t status, AccountPage page) {
  const Timestamp now = request.services.clock.Now();
  page.form.csrf_token = session.data.csrf_token;
  page.form.callback_url = request.Absolute("/");
  page.name = session.data.name.value_or("");
  page.email = session.data.email.value_or("");
  page.signed_in = HowSignedIn(request.services, session.data.method) + When(session.data.auth_time, now);
  page.min_password = request.services.config.signin.password.min_length;
  if (request.services.accounts) {
    SALLYPORT_CO_TRY(const auto user, co_await request.services.store.users().FindWithPassword(session.data.user_id));
    page.has_password = user && user->password_hash.has_value();
  }
  SALLYPORT_CO_TRY(const auto records, co_await request.services.sessions.ListForUser(session.data.user_id));
  for (const model::SessionRecord& record : records)
    page.devices.push_back({record.id, DescribeUserAgent(record.user_agent), record.ip, When(record.last_seen, now), record.id == session.data.id});
  if (session.data.method != "adopted") {
    SALLYPORT_CO_TRY(page.connections, co_await ConnectionsOf(request, session.data.user_id));
  }
  page.return_url = request.Absolute("/api/auth/account?notice=connected");
  Answer answer = Answer::Html(status, RenderAccountPage(request.services.config.gateway.pages, page));
  answer.form_action = FormActions(request.services);
  co_return answer;
}

Task<Answer> HandleAccountPage(AuthRequest& request) {
  SALLYPORT_CO_TRY(const session::Resolution resolution, co_await request.Session());
  if (!resolution.session) co_return LoginRequiredAnswer(request.services.config.gateway, request.prefers_html(), "/api/auth/account", {});
  AccountPage page;
  page.notice = NoticeFor(request.Query("notice"));
  page.form.error = ErrorFor(request.Query("notice"));
  const session::SessionRef session = resolution.session;
  co_return co_await AccountPageAnswer(request, *session, 200, std::move(page));
}

}  // namespace sallyport::gateway
