// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sallyport/cli/command.h"
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {
namespace {

struct SessionOptions {
  std::string user, session;
  int limit = 100;
};

std::string Cell(const json::object& object, std::string_view key, std::size_t max = 200) {
  return Printable(GetString(object, key).value_or(""), max);
}

void PrintSessions(Output& output, const json::object& result) {
  Table table{{"ID", "USER", "SIGNED IN", "LAST SEEN", "METHOD", "ADDRESS", "BROWSER"}, {}};
  for (const auto& item : result.at("sessions").as_array()) {
    const auto& s = item.as_object();
    table.rows.push_back({Cell(s, "id"), s.contains("email") ? Cell(s, "email") : Cell(s, "user_id"), Cell(s, "signed_in_at", 19),
                          Cell(s, "last_seen", 19), Cell(s, "method"), Cell(s, "ip"), Cell(s, "user_agent", 40)});
  }
  if (table.rows.empty()) return output.Line("No sessions.");
  output.Rows(table);
  if (!result.at("complete").as_bool()) output.Note("There are more: --limit shows them, --user narrows them down.");
}

int Revoke(Context& context, const SessionOptions& options) {
  if (options.user.empty() == options.session.empty()) {
    return context.output().Error(kUsage, "usage", "Name one session, or one user.", "sallyport session revoke ID, or --user EMAIL");
  }
  json::object arguments = options.user.empty() ? json::object{{"session", options.session}} : json::object{{"user", options.user}};
  return RunOperation(context, "session.revoke", std::move(arguments), [](Output& output, const json::object& result) {
    const auto count = result.at("sessions_ended").to_number<int>();
    output.Line(fmt::format("Ended {} session{}.", count, count == 1 ? "" : "s"));
  });
}

}  // namespace

void AddSession(CLI::App& root, Context& context) {
  auto o = std::make_shared<SessionOptions>();
  auto* group = AddGroup(root, "session", "Who is signed in, and where",
                         "  sallyport session list --user ada@example.com\n"
                         "  sallyport session revoke --user ada@example.com    # WebSockets and streams are cut too");
  auto* list = AddCommand(*group, context, "list", "Sessions, newest first", "  sallyport session list --user ada@example.com", [o](Context& c) {
    json::object arguments{{"limit", o->limit}};
    if (!o->user.empty()) arguments["user"] = o->user;
    return RunOperation(c, "session.list", std::move(arguments), PrintSessions);
  });
  list->add_option("--user", o->user, "Only those of this e-mail address or user id");
  list->add_option("--limit", o->limit, "At most so many")->check(CLI::Range(1, 10'000))->capture_default_str();
  auto* revoke = AddCommand(*group, context, "revoke", "End one session, or all of a person, at once",
                            "  sallyport session revoke 2Yk0rJ4hQx2d1mU0c9v3aA\n  sallyport session revoke --user ada@example.com",
                            [o](Context& c) { return Revoke(c, *o); });
  revoke->add_option("session", o->session, "Id of the session, as `session list` shows it");
  revoke->add_option("--user", o->user, "All sessions of this e-mail address or user id");
  for (auto* command : {list, revoke}) AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
