// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/completion.h"

#include <fmt/format.h>

#include <functional>

namespace sallyport::cli {
namespace {

void ForEach(const CommandEntry& command, const std::function<void(const CommandEntry&)>& visit) {
  visit(command);
  for (const CommandEntry& inner : command.commands) ForEach(inner, visit);
}

std::string Words(const CommandEntry& command) {
  std::string out;
  for (const CommandEntry& inner : command.commands) out += inner.path.back() + " ";
  for (const OptionEntry& option : command.options) {
    if (option.positional) continue;
    for (const std::string& name : option.names) out += name + " ";
  }
  if (!out.empty()) out.pop_back();
  return out;
}

// The words after "sallyport" that name a command: "user add".
std::string Place(const CommandEntry& command) {
  std::string out;
  for (std::size_t i = 1; i < command.path.size(); ++i) out += (i > 1 ? " " : "") + command.path[i];
  return out;
}

std::string SingleQuoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// Options that take a file complete file names; other words come from the table, by the commands typed so far.
std::string Bash(const CommandEntry& root) {
  std::string cases;
  ForEach(root, [&](const CommandEntry& command) { cases += fmt::format("    {}) words={} ;;\n", SingleQuoted(Place(command)), SingleQuoted(Words(command))); });
  std::string commands;
  ForEach(root, [&](const CommandEntry& command) { if (command.path.size() > 1) commands += fmt::format("{}|", SingleQuoted(Place(command))); });
  commands.pop_back();
  return fmt::format(R"(# bash completion of sallyport; made by `sallyport completion bash`
_sallyport() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} place= words= i next
  case $previous in
    -c|--config|--state-dir|-d|--directory) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    next=${{place:+$place }}${{COMP_WORDS[i]}}
    case $next in {}) place=$next ;; esac
  done
  case $place in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}}
complete -F _sallyport sallyport
)", commands, cases);
}

// zsh reads bash's completion functions.
std::string Zsh(const CommandEntry& root) {
  return "#compdef sallyport\n# zsh completion of sallyport; made by `sallyport completion zsh`\nautoload -Uz bashcompinit && bashcompinit\n" + Bash(root);
}

std::string Fish(const CommandEntry& root) {
  std::string out = "# fish completion of sallyport; made by `sallyport completion fish`\ncomplete -c sallyport -f\n";
  ForEach(root, [&](const CommandEntry& command) {
    std::string seen = "__fish_use_subcommand";
    if (command.path.size() > 1) {
      seen = "__fish_seen_subcommand_from " + command.path[1];
      if (command.path.size() > 2) seen += "; and __fish_seen_subcommand_from " + command.path[2];
    }
    std::string names;
    for (const CommandEntry& inner : command.commands) names += " " + inner.path.back();
    // A group's own commands are offered until one of them has been typed.
    const std::string offer = command.path.size() > 1 && !names.empty() ? seen + "; and not __fish_seen_subcommand_from" + names : seen;
    for (const CommandEntry& inner : command.commands) {
      out += fmt::format("complete -c sallyport -n {} -a {} -d {}\n", SingleQuoted(offer), inner.path.back(), SingleQuoted(inner.sentence));
    }
    for (const OptionEntry& option : command.options) {
      if (option.positional) continue;
      std::string flags;
      for (const std::string& name : option.names) flags += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      const bool file = option.names.back() == "--config" || option.names.back() == "--state-dir" || option.names.back() == "--directory";
      out += fmt::format("complete -c sallyport -n {}{}{} -d {}\n", SingleQuoted(seen), flags, option.value.empty() ? "" : file ? " -r -F" : " -x",
                         SingleQuoted(option.sentence));
    }
  });
  return out;
}

}  // namespace

std::optional<std::string> CompletionScript(const CommandEntry& root, std::string_view shell) {
  if (shell == "bash") return Bash(root);
  if (shell == "zsh") return Zsh(root);
  if (shell == "fish") return Fish(root);
  return std::nullopt;
}

}  // namespace sallyport::cli
