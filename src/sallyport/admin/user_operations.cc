// SPDX-License-Identifier: Apache-2.0
#include "sallyport/admin/operation_context.h"
#include "sallyport/session/session_service.h"
#include "sallyport/store/store.h"

namespace sallyport::admin {
namespace {

json::object ToJson(const model::User& user) {
  json::object out{{"id", user.id}, {"disabled", user.disabled}, {"created_at", ToIso8601(user.created_at)}};
  if (user.email) out["email"] = *user.email;
  if (user.name) out["name"] = *user.name;
  out["email_verified"] = user.email_verified.has_value();
  json::array groups;
  for (const auto& group : user.groups) groups.emplace_back(group);
  out["groups"] = std::move(groups);
  return out;
}

// The user row, then the sessions that died with the change: told to every worker before the answer (S5).
Task<json::object> SetDisabled(OperationContext& context, model::User user, bool disabled) {
  SALLYPORT_CO_TRY(auto ended, co_await context.users.SetDisabled(user.id, disabled));
  const auto count = ended.size();
  SALLYPORT_CO_CHECK(co_await context.services.sessions.Announce(std::move(ended)));
  user.disabled = disabled;
  co_return json::object{{"user", ToJson(user)}, {"sessions_ended", count}};
}

// Exchanges that the new groups do not permit are cut before the answer (S5).
Task<json::object> ChangeGroups(OperationContext& context, model::User user) {
  SALLYPORT_CO_TRY(auto changed, co_await context.users.ChangeGroups(user.id, context.Texts("add"), context.Texts("remove")));
  SALLYPORT_CO_CHECK(co_await context.services.sessions.ProfileChanged(changed.id));
  co_return json::object{{"user", ToJson(changed)}};
}

Task<json::object> SetPassword(OperationContext& context, model::User user) {
  SALLYPORT_CO_TRY(auto set, co_await context.users.SetPasswordByAdmin(user.id, context.TakeSecret("password")));
  const auto count = set.ended.size();
  SALLYPORT_CO_CHECK(co_await context.services.sessions.Announce(std::move(set.ended)));
  co_return json::object{{"user", ToJson(set.user)}, {"sessions_ended", count}};
}

Coroutine<json::object> ChangeUser(OperationContext& context, std::string_view event,
                                                Task<json::object> (*change)(OperationContext&, model::User)) {
  auto user = co_await context.User();
  if (!user) {
    auto refused = RefusedBy(user.error());
    context.Audit(event, refused, {});
    co_return refused;
  }
  const auto id = user->id;
  auto result = co_await change(context, *std::move(user));
  auto answer = result ? Done(*std::move(result)) : RefusedBy(result.error());
  context.Audit(event, answer, id);
  co_return answer;
}

}  // namespace

Coroutine<json::object> AddUser(OperationContext& context) {
  identity::NewUser form;
  form.email = context.Text("email");
  form.name = context.Text("name");
  form.groups = context.Texts("groups");
  form.password = context.TakeSecret("password");
  auto user = co_await context.users.CreateByAdmin(std::move(form));
  auto answer = user ? Done({{"user", ToJson(*user)}}) : RefusedBy(user.error());
  context.Audit("user.create", answer, user ? std::string_view(user->id) : std::string_view());
  co_return answer;
}

Coroutine<json::object> ListUsers(OperationContext& context) {
  const auto limit = context.Limit(100, 1000);
  // Named: g++ 12 destroys an aggregate twice that is made inside the awaited expression.
  store::UserQuery query{.contains = context.Text("contains"), .after_id = context.Text("after"), .limit = limit};
  auto users = co_await context.services.store.users().List(std::move(query));
  if (!users) co_return RefusedBy(users.error());
  json::array out;
  for (const auto& user : *users) out.push_back(ToJson(user));
  co_return Done({{"users", std::move(out)}, {"complete", users->size() < limit}});
}

Coroutine<json::object> DisableUser(OperationContext& context) {
  co_return co_await ChangeUser(context, "user.disable", [](OperationContext& c, model::User user) -> Task<json::object> {
    co_return co_await SetDisabled(c, std::move(user), true);
  });
}

Coroutine<json::object> EnableUser(OperationContext& context) {
  co_return co_await ChangeUser(context, "user.enable", [](OperationContext& c, model::User user) -> Task<json::object> {
    co_return co_await SetDisabled(c, std::move(user), false);
  });
}

Coroutine<json::object> ChangeUserGroups(OperationContext& context) {
  if (context.Texts("add").empty() && context.Texts("remove").empty()) {
    co_return Refused("bad_arguments", "Name a group to add or to take away.", "sallyport user groups EMAIL --add GROUP --remove GROUP");
  }
  co_return co_await ChangeUser(context, "user.groups", ChangeGroups);
}

Coroutine<json::object> SetUserPassword(OperationContext& context) {
  co_return co_await ChangeUser(context, "password.change", SetPassword);
}

}  // namespace sallyport::admin
