// SPDX-License-Identifier: Apache-2.0
#include "sallyport/cli/manual.h"

#include <fmt/format.h>

#include <algorithm>

#include "sallyport/base/version.h"
#include "sallyport/config/settings.h"

namespace sallyport::cli {
namespace {

// A line that begins with a dot or an apostrophe would be a request, a backslash an escape; plain hyphens can be copied.
std::string Roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') out += "\\e";
    else if (c == '-') out += "\\-";
    else out += c;
    line_begins = c == '\n';
  }
  return out;
}

std::string Upper(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return text;
}

std::string Header(const std::string& title, int section) {
  return fmt::format(".\\\" -*- mode: nroff; coding: utf-8 -*-\n.TH {} {} \"\" \"sallyport {}\" \"Sallyport\"\n", Upper(title), section, kVersion);
}

std::string Options(const CommandEntry& command) {
  std::string out;
  for (const OptionEntry& option : command.options) {
    std::string names;
    for (const std::string& name : option.names) names += (names.empty() ? "\\fB" : ", \\fB") + Roff(name) + "\\fR";
    const std::string value = option.positional || option.value.empty() ? "" : " \\fI" + Roff(option.value) + "\\fR";
    const std::string fallback = option.default_value.empty() ? "" : " Default: " + Roff(option.default_value) + ".";
    out += fmt::format(".TP\n{}{}\n{}.{}{}\n", names, value, Roff(option.sentence), option.required ? " Required." : "", fallback);
  }
  return out;
}

std::string Examples(const CommandEntry& command) {
  return command.examples.empty() ? "" : fmt::format(".PP\nExamples:\n.PP\n.nf\n.RS\n{}\n.RE\n.fi\n", Roff(command.examples));
}

std::string Synopsis(const CommandEntry& command) {
  std::string out = fmt::format("\\fB{}\\fR", Roff(command.name()));
  if (!command.commands.empty()) return out + " \\fICOMMAND\\fR [\\fIOPTION\\fR]...";
  for (const OptionEntry& option : command.options) {
    if (option.positional) out += " \\fI" + Roff(Upper(option.names.front())) + "\\fR";
    else if (option.required) out += " \\fB" + Roff(option.names.back()) + "\\fR \\fI" + Roff(option.value) + "\\fR";
  }
  return out + " [\\fIOPTION\\fR]...";
}

constexpr std::string_view kExitStatus =
    ".SH EXIT STATUS\n.TP\n0\nFine.\n.TP\n1\nFailed.\n.TP\n2\nUsage or configuration error: nothing was done.\n";
constexpr std::string_view kFiles =
    ".SH FILES\n.TP\n\\&./sallyport.toml, $SALLYPORT_CONFIG, /etc/sallyport/sallyport.toml\nThe configuration: the first that is there.\n"
    ".TP\n\\&./.sallyport/\nStore and secret of \\fBsallyport dev\\fR.\n";

std::string PageOf(const CommandEntry& command) {
  std::string title;
  for (const std::string& part : command.path) title += (title.empty() ? "" : "-") + part;
  std::string out = Header(title, 1) + fmt::format(".SH NAME\n{} \\- {}\n.SH SYNOPSIS\n", Roff(title), Roff(command.sentence));
  if (command.commands.empty()) {
    out += fmt::format("{}\n.SH OPTIONS\n{}", Synopsis(command), Options(command)) + Examples(command);
  } else {
    for (const CommandEntry& inner : command.commands) out += Synopsis(inner) + "\n.br\n";
    out += ".SH COMMANDS\n";
    for (const CommandEntry& inner : command.commands) {
      out += fmt::format(".SS {}\n{}.\n{}{}", Roff(inner.name()), Roff(inner.sentence), Options(inner), Examples(inner));
    }
  }
  return out + std::string(kExitStatus) + ".SH SEE ALSO\n\\fBsallyport\\fR(1), \\fBsallyport.toml\\fR(5)\n";
}

std::string RootPage(const CommandEntry& root) {
  std::string out = Header("sallyport", 1) + ".SH NAME\nsallyport \\- sign-in, sessions and tokens in front of a web application\n.SH SYNOPSIS\n" +
                    fmt::format("{}\n.SH DESCRIPTION\n{}\n.SH COMMANDS\n", Synopsis(root), Roff(root.sentence));
  for (const CommandEntry& command : root.commands) {
    out += fmt::format(".TP\n\\fBsallyport\\-{}\\fR(1)\n{}.\n", Roff(command.path.back()), Roff(command.sentence));
  }
  return out + ".SH OPTIONS\n" + Options(root) + Examples(root) + std::string(kExitStatus) + std::string(kFiles) + ".SH SEE ALSO\n\\fBsallyport.toml\\fR(5)\n";
}

std::string ConfigurationPage() {
  std::string out = Header("sallyport.toml", 5) +
                    ".SH NAME\nsallyport.toml \\- configuration of sallyport\n.SH DESCRIPTION\nOne TOML file. \\fBsallyport init\\fR writes one "
                    "to begin with, \\fBsallyport check\\-config\\fR says everything that is wrong with it at once. ${NAME} in a string is "
                    "replaced by that environment variable. Durations are strings such as \"15m\", sizes numbers of bytes or strings such as \"64KiB\".\n";
  for (const config::SettingSection& section : config::AllSections()) {
    out += fmt::format(".SH {}\n{}\n", section.name.empty() ? "TOP OF THE FILE" : Roff(fmt::format("[{}]", section.name)), Roff(section.sentence));
    if (section.free_keys) continue;
    for (const config::Setting& setting : config::AllSettings()) {
      if (setting.section != section.name) continue;
      const std::string fallback = setting.default_value.empty() ? "" : fmt::format(" Default: {}.", Roff(setting.default_value));
      out += fmt::format(".TP\n\\fB{}\\fR ({})\n{}{}\n", Roff(setting.key), Roff(setting.type), Roff(setting.sentence), fallback);
    }
  }
  return out + ".SH SEE ALSO\n\\fBsallyport\\fR(1)\n";
}

}  // namespace

std::map<std::string, std::string> ManualPages(const CommandEntry& root) {
  std::map<std::string, std::string> pages{{"sallyport.1", RootPage(root)}, {"sallyport.toml.5", ConfigurationPage()}};
  for (const CommandEntry& command : root.commands) pages.emplace("sallyport-" + command.path.back() + ".1", PageOf(command));
  return pages;
}

}  // namespace sallyport::cli
