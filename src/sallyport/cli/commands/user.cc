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
  std::vector<std::string> groups, remove;
  bool password_stdin = false, no_password = false;
  int limit = 100;
};

std::string Cell(const json::object& object, std::string_view key) { return Printable(GetString(object, key).value_or("")); }

std::string Flags(const json::object& user) {
  const auto is = [&](std::string_view key) { return user.contains(key) && user.at(key).is_bool() && user.at(key).get_bool(); };
  return is("disabled") ? "disabled" : is("email_verified") ? "" : "unconfirmed";
}

std::string GroupsOf(const json::object& user) {
  std::string groups;
  for (const auto& group : user.at("groups").as_array()) groups += (groups.empty() ? "" : ",") + std::string(group.as_string());
  return Printable(groups);
}

json::array ToArray(const std::vector<std::string>& values) { return json::array(values.begin(), values.end()); }

void PrintUsers(Output& output, const json::object& result) {
  Table table{{"ID", "EMAIL", "NAME", "GROUPS", "STATE"}, {}};
  for (const auto& item : result.at("users").as_array()) {
    const auto& user = item.as_object();
    table.rows.push_back({Cell(user, "id"), Cell(user, "email"), Cell(user, "name"), GroupsOf(user), Flags(user)});
  }
  if (table.rows.empty()) return output.Line("No users.");
  output.Rows(table);
  if (!result.at("complete").as_bool()) output.Note("There are more: --limit shows them, --contains narrows them down.");
}

int Add(Context& context, const UserOptions& options) {
  json::object arguments{{"email", options.email}, {"name", options.name}};
  arguments["groups"] = ToArray(options.groups);
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

int ChangeGroups(Context& context, const UserOptions& options) {
  if (options.groups.empty() && options.remove.empty()) {
    return context.output().Error(kUsage, "usage", "Name a group to add or to take away.", "sallyport user groups EMAIL --add GROUP --remove GROUP");
  }
  json::object arguments{{"user", options.user}, {"add", ToArray(options.groups)}, {"remove", ToArray(options.remove)}};
  return RunOperation(context, "user.groups", std::move(arguments), [](Output& output, const json::object& result) {
    const auto& user = result.at("user").as_object();
    const auto groups = GroupsOf(user);
    output.Line(groups.empty() ? fmt::format("{} is in no group now.", Cell(user, "email"))
                               : fmt::format("{} is in these groups now: {}.", Cell(user, "email"), groups));
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
                         "  sallyport user groups ada@example.com --remove staff\n"
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
  auto* groups = AddCommand(*group, context, "groups", "Add a person to groups, or take them out; at once, open streams included",
                            "  sallyport user groups ada@example.com --add editors --remove staff", [o](Context& c) { return ChangeGroups(c, *o); });
  groups->add_option("--add", o->groups, "A group to add; may be repeated");
  groups->add_option("--remove", o->remove, "A group to take away; may be repeated");
  auto* password = AddCommand(*group, context, "password", "Set a person's password and end all their sessions",
                              "  sallyport user password ada@example.com", [o](Context& c) { return SetPassword(c, *o); });
  password->add_flag("--password-stdin", o->password_stdin, "Read the password from the first line of standard input");
  for (auto* command : {disable, enable, groups, password}) command->add_option("user", o->user, "E-mail address or id")->required();
  for (auto* command : {add, list, disable, enable, groups, password}) AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
