// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sallyport/cli/command.h"
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {
namespace {

struct AuditOptions {
  std::string user, event;
  int limit = 100;
};

void PrintEvents(Output& output, const json::object& result) {
  const auto cell = [](const json::object& event, std::string_view name) { return Printable(GetString(event, name).value_or(""), 60); };
  Table table{{"TIME", "EVENT", "OUTCOME", "REASON", "USER", "SESSION", "BY", "ADDRESS"}, {}};
  for (const auto& item : result.at("events").as_array()) {
    const auto& e = item.as_object();
    table.rows.push_back({cell(e, "at"), cell(e, "event"), cell(e, "outcome"), cell(e, "reason"), cell(e, "user_id"), cell(e, "session_id"),
                          cell(e, "actor"), cell(e, "ip")});
  }
  if (table.rows.empty()) return output.Line("Nothing is written down.");
  output.Rows(table);
}

}  // namespace

void AddAudit(CLI::App& root, Context& context) {
  auto o = std::make_shared<AuditOptions>();
  auto* group = AddGroup(root, "audit", "Who did what, from where, with what outcome", "  sallyport audit list --user ada@example.com --limit 20");
  auto* list = AddCommand(*group, context, "list", "Events, newest first", "  sallyport audit list --event signin --json", [o](Context& c) {
    json::object arguments{{"limit", o->limit}, {"event", o->event}};
    if (!o->user.empty()) arguments["user"] = o->user;
    return RunOperation(c, "audit.list", std::move(arguments), PrintEvents);
  });
  list->add_option("--user", o->user, "Only this e-mail address or user id");
  list->add_option("--event", o->event, "Only this event: signin, signout, session.revoke, password.change…");
  list->add_option("--limit", o->limit, "At most so many")->check(CLI::Range(1, 10'000))->capture_default_str();
  AddConfigOptions(*list, context);
}

}  // namespace sallyport::cli
