// SPDX-License-Identifier: Apache-2.0
// [pages] and [headers].
#include <algorithm>

#include <fmt/format.h>
#include <array>

#include "sallyport/config/sections.h"
#include "sallyport/http/target.h"

namespace sallyport::config {
namespace {

bool IsColor(std::string_view text) {
  const auto hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  return text.size() == 7 && text[0] == '#' && std::all_of(text.begin() + 1, text.end(), hex);
}

bool IsToken(std::string_view name) {
  return !name.empty() && name.size() <= 128 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

// Framing, cookies and identity belong to the gateway.
bool IsReservedField(std::string_view name) {
  static constexpr std::array<std::string_view, 11> kReserved = {
      "connection", "content-length", "transfer-encoding", "trailer", "upgrade", "keep-alive",
      "te",         "set-cookie",     "date",              "content-encoding", "x-csrf-token"};
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end() || lower.starts_with("x-auth-");
}

void ReadPagePath(Section& pages, std::string_view key, std::string& out) {
  std::string path;
  if (!pages.Read(key, path)) return;
  if (!path.starts_with('/') || path.starts_with("//") || !http::HasOneSpelling(path)) {
    return pages.Report(key, "is not a path of this site", "write \"/login\": a path without host, query and dots");
  }
  if (path == "/api/auth" || path.starts_with("/api/auth/")) {
    return pages.Report(key, "is below /api/auth, where Sallyport's own pages are", "name a page of the application, or leave it out");
  }
  out = std::move(path);
}

}  // namespace

void ReadPages(Section& pages, Config& out) {
  auto& options = out.gateway.pages;
  pages.Read("name", options.name);
  if (std::string color; pages.Read("color", color)) {
    if (IsColor(color)) {
      options.color = std::move(color);
    } else {
      pages.Report("color", "is not a colour", "write \"#rrggbb\", e.g. \"#2f5bea\"");
    }
  }
  if (std::string logo; pages.Read("logo", logo)) {
    if ((logo.starts_with('/') && !logo.starts_with("//")) || ParseUrl(logo)) {
      options.logo = std::move(logo);
    } else {
      pages.Report("logo", "is neither a path of this site nor a URL", "write \"/logo.svg\" or \"https://…\"");
    }
  }
  ReadPagePath(pages, "sign_in", options.sign_in);
  ReadPagePath(pages, "sign_out", options.sign_out);
  ReadPagePath(pages, "error", options.error);
  ReadPagePath(pages, "verify_request", options.verify_request);
  ReadPagePath(pages, "new_user", options.new_user);
}

void ReadHeaders(Section& headers, Config& out) {
  if (!headers.present()) return;
  for (const auto& [name, value] : headers.table()->members) {
    if (!IsToken(name)) {
      headers.ReportAt(value.line, name, "is not a header's name");
    } else if (IsReservedField(name)) {
      headers.ReportAt(value.line, name, "is written by the gateway itself");
    } else if (value.kind != RawValue::Kind::kString) {
      headers.ReportAt(value.line, name, fmt::format("must be a string, not {}", NameOf(value.kind)));
    } else if (std::any_of(value.text.begin(), value.text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; })) {
      headers.ReportAt(value.line, name, "must be one line of printable ASCII");
    } else {
      out.gateway.response_headers.emplace_back(name, value.text);
    }
  }
}

}  // namespace sallyport::config
