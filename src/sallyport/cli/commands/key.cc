// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/command.h"

#include <fmt/format.h>
#include "sallyport/cli/run_operation.h"

namespace sallyport::cli {

void AddKey(CLI::App& root, Context& context) {
  auto* group = AddGroup(root, "key", "The keys that sign access tokens for APIs",
                         "  sallyport key list\n  sallyport key rotate    # APIs see the new key a minute before it signs");
  const auto cell = [](const json::object& key, std::string_view name) { return Printable(GetString(key, name).value_or("")); };
  auto* list = AddCommand(*group, context, "list", "Keys and their state", "", [cell](Context& c) {
    return RunOperation(c, "key.list", {}, [&](Output& output, const json::object& result) {
      Table table{{"KID", "ALGORITHM", "STATE", "CREATED", "SIGNS FROM"}, {}};
      for (const auto& item : result.at("keys").as_array()) {
        const auto& key = item.as_object();
        table.rows.push_back({cell(key, "kid"), cell(key, "algorithm"), cell(key, "state"), cell(key, "created_at"), cell(key, "active_from")});
      }
      output.Rows(table);
    });
  });
  auto* rotate = AddCommand(*group, context, "rotate", "Make a new key and let it take over", "", [cell](Context& c) {
    return RunOperation(c, "key.rotate", {}, [&](Output& output, const json::object& result) {
      output.Line(fmt::format("Key {} is published and signs in {} s; the old one stays published until its last token has expired.",
                              cell(result, "kid"), result.at("signs_in_seconds").to_number<int>()));
    });
  });
  for (auto* command : {list, rotate}) AddConfigOptions(*command, context);
}

}  // namespace sallyport::cli
