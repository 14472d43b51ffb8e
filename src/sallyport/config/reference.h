// SPDX-License-Identifier: Apache-2.0
// Text made from the table of settings.
#pragma once

#include <string>
#include <string_view>

namespace sallyport::config {

// docs/configuration.md, whole. A test compares the file with this.
std::string ReferenceMarkdown();

// What `sallyport init` writes: the settings that a first start needs, everything else as comments with its default. Passes
// the checks when `secret_file` (as given) is there.
std::string StarterConfiguration(const std::string& secret_file);

// Text as a cell of a table.
std::string MarkdownCell(std::string_view text);

}  // namespace sallyport::config
