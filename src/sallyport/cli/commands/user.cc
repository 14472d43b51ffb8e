// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sallyport/cli/command.h"
#include "sallyport/cli/password_input.h"
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {
namespace {

struct UserOptions {
  std::string user, email, name, contains;
  std::vector<std::string> groups;
  bool password_stdin = false, no_password = false;
  int limit = 100;
};

std::string Cell(const json::object& object, std::string_view key) { return Printable(GetString(object, key).value_or("")); }

std::string Flags(const json::object& user) {
  const auto is = [&](std::string_view key) { return user.contains(key) && user.at(key).is_bool() && user.at(key).get_bool(); };
  return is("disabled") ? "disabled" : is("email_verified") ? "" : "unconfirmed";
}

void PrintUsers(Output& output, const json::object& result) {
  Table table{{"ID", "EMAIL", "NAME", "GROUPS", "STATE"}, {}};
  for (const auto& item : result.at("users").as_array()) {
    const auto& user = item.as_object();
    std::string groups;
    for (const auto& group : user.at("groups").as_array()) groups += (groups.empty() ? "" : ",") + std::string(group.as_string());
    table.rows.push_back({Cell(user, "id"), Cell(user, "email"), Cell(user, "name"), Printable(groups), Flags(user)});
  }
  if (table.rows.empty()) return output.Line("No users.");
  output.Rows(table);
  if (!result.at("complete").as_bool()) output.Note("There are more: --limit shows them, --contains narrows them down.");
}

int Add(Context& context, const UserOptions& options) {
  json::object arguments{{"email", options.email}, {"name", options.name}};
  json::array groups(options.groups.begin(), options.groups.end());
  arguments["groups"] = std::move(groups);
  if (!options.no_password) {
    std::string why;
    const auto password = ReadPassword(context.streams, options.password_stdin, why);
    if (!password) return context.output().Error(kUsage, "no_password", why, "pipe it in with --password-stdin, or leave it to a reset by mail with --no-password");
    arguments["password"] = password->Reveal();
  }
  return RunOperation(context, "user.add", std::move(arguments), [](Output& output, const json::object& result) {
    const auto& user = result.at("user").as_object();
    output.Line("Added " + Cell(user, "email") + " as " + Cell(user, "id") + ".");
  });
}

int SetPassword(Context& context, const UserOptions& options) {
  std::string why;
  const auto password = ReadPassword(context.streams, options.password_stdin, why);
  if (!password) return context.output().Error(kUsage, "no_password", why, "pipe it in: --password-stdin < FILE");
  return RunOperation(context, "user.password", {{"user", options.user}, {"password", password->Reveal()}},
                      [](Output& output, const json::object& result) {
                        output.Line(fmt::format("Changed the password; {} sessions ended.", result.at("sessions_ended").to_number<int>()));
                      });
}

int Switch(Context& context, const UserOptions& options, const std::string& operation) {
  return RunOperation(context, operation, {{"user", options.user}}, [&](Output& output, const json::object& result) {
    const auto name = Cell(result.at("user").as_object(), "email");
    output.Line(operation == "user.disable" ? fmt::format("Disabled {}; {} sessions ended.", name, result.at("sessions_ended").to_number<int>())
                                            : fmt::format("Enabled {}.", name));
  });
}

}  // namespace

void AddUser(CLI::App& root, Context& context) {
  auto o = std::make_shared<UserOptions>();
  auto* group = AddGroup(root, "user", "People and their passwords",
                         "  sallyport user add --email ada@example.com --name Ada --group staff\n"
                         "  sallyport user list --contains ada\n"
                         "  sallyport user disable ada@example.com      # also ends all sessions");
  auto* add = AddCommand(*group, context, "add", "Add a person",
                         "  sallyport user add --email ada@example.com --name Ada\n"
                         "  pwgen 24 1 | sallyport user add --email ada@example.com --password-stdin",
                         [o](Context& c) { return Add(c, *o); });
  add->add_option("--email", o->email, "E-mail address; the person signs in with it")->required();
  add->add_option("--name", o->name, "Name to show");
  add->add_option("--group", o->groups, "A group; may be repeated");
  auto* from_stdin = add->add_flag("--password-stdin", o->password_stdin, "Read the password from the first line of standard input");
  add->add_flag("--no-password", o->no_password, "Without one: the person resets it by mail")->excludes(from_stdin);

  auto* list = AddCommand(*group, context, "list", "Who there is", "  sallyport user list --json | jq -r '.users[].email'", [o](Context& c) {
    return RunOperation(c, "user.list", {{"contains", o->contains}, {"limit", o->limit}}, PrintUsers);
  });
  list->add_option("--contains", o->contains, "Only those with this in e-mail or name");
  list->add_option("--limit", o->limit, "At most so many")->check(CLI::Range(1, 1000))->capture_default_str();

  auto* disable = AddCommand(*group, context, "disable", "Lock a person out and end all their sessions", "  sallyport user disable ada@example.com",
                             [o](Context& c) { return Switch(c, *o, "user.disable"); });
  auto* enable = AddCommand(*group, context, "enable", "Let a person in again", "  sallyport user enable ada@example.com",
                            [o](Context& c) { return Switch(c, *o, "user.enable"); });
  auto* password = AddCommand(*group, context, "password", "Set a person's password and end all their sessions",
                              "  sallyport user password ada@example.com", [o](Context& c) { return SetPassword(c, *o); });
  password->add_flag("--password-stdin", o->password_stdin, "Read the password from the first line of standard input");
  for (auto* command : {disable, enable, password}) command->add_option("user", o->user, "E-mail address or id")->required();
  for (auto* command : {add, list, disable, enable, password}) AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
