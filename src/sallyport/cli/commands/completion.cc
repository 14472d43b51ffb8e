// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/completion.h"

#include <memory>

#include "sallyport/cli/command.h"

namespace sallyport::cli {

void AddCompletion(CLI::App& root, Context& context) {
  auto shell = std::make_shared<std::string>();
  auto* command = AddCommand(root, context, "completion", "Print a completion script for a shell",
                             "  source <(sallyport completion bash)\n"
                             "  sallyport completion zsh > \"${fpath[1]}/_sallyport\"\n"
                             "  sallyport completion fish > ~/.config/fish/completions/sallyport.fish",
                             [shell, &root](Context& c) {
                               const std::string script = *CompletionScript(ReadCommandTree(root), *shell);
                               if (c.json) c.output().Json(json::object{{"shell", *shell}, {"script", script}});
                               else c.streams.out << script;
                               return kFine;
                             });
  command->add_option("shell", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

}  // namespace sallyport::cli
