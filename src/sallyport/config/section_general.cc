// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "sallyport/config/listen_address.h"
#include "sallyport/config/sections.h"
#include "sallyport/http/host.h"

namespace sallyport::config {
namespace {

constexpr std::string_view kAddressHint = "write an IP address and a port, \"127.0.0.1:8080\", or \"unix:/PATH\"";

bool IsLoopbackName(const std::string& host) {
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]";
}

void ReadPublicUrl(Section& top, Config& out) {
  top.Require("public_url", "the one origin that browsers see, e.g. public_url = \"https://app.example.com\"");
  std::string text;
  if (!top.Read("public_url", text)) return;
  auto origin = ParseOrigin(text);
  if (!origin) {
    return top.Report("public_url", "is not an origin", "write scheme, host and port only: \"https://app.example.com\"");
  }
  bool insecure = false;
  top.Read("allow_insecure_http", insecure);
  if (!origin->secure() && !IsLoopbackName(origin->host)) {
    if (!insecure) {
      top.Report("public_url", "is http:// on a host that is not this machine: cookies and passwords would travel readable",
                 "use https://, or spell it out: allow_insecure_http = true");
    } else {
      out.warnings.push_back("public_url is http://: cookies and passwords travel readable (allow_insecure_http).");
    }
  }
  out.gateway.public_url = *std::move(origin);
}

void ReadListen(Section& top, Config& out) {
  if (!top.Has("listen")) out.server.listen = {{"127.0.0.1", 8080, ""}};
  for (const auto* item : top.Strings("listen")) {
    if (auto address = ParseListenAddress(item->text)) {
      out.server.listen.push_back(*std::move(address));
    } else {
      top.ReportAt(item->line, "listen", fmt::format("'{}' is not an address", item->shown), std::string(kAddressHint));
    }
  }
}

void ReadStore(Section& top, const std::string& folder, Config& out) {
  std::string store = "sqlite:sallyport.db";
  top.Read("store", store);
  if (store.starts_with("postgres://") || store.starts_with("postgresql://")) {
    return top.Report("store", "PostgreSQL is not built yet", "use store = \"sqlite:PATH\"");
  }
  if (!store.starts_with("sqlite:") || store.size() == 7) {
    return top.Report("store", "is not a store", "write store = \"sqlite:/var/lib/sallyport/sallyport.db\"");
  }
  out.sqlite_path = InFolder(folder, store.substr(7));
  const auto parent = std::filesystem::path(out.sqlite_path).parent_path();
  std::error_code error;
  if (!parent.empty() && !std::filesystem::is_directory(parent, error)) {
    top.Report("store", "its folder does not exist", "make it: mkdir -p -m 700 FOLDER");
  }
}

void ReadRetention(Section& top, Config& out) {
  top.Read("audit_retention", out.retention.audit, std::chrono::days(1));
  // Longer than it is tried to deliver a mail.
  top.Read("mail_retention", out.retention.mail, std::chrono::days(2));
}

void ReadOutbound(Section& top, const std::string& folder, Config& out) {
  std::string path;
  if (!top.Read("tls_ca_file", path)) return;
  path = InFolder(folder, path);
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) {
    top.Report("tls_ca_file", "cannot be read");
  } else if (text.find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    top.Report("tls_ca_file", "holds no certificate", "PEM is needed: -----BEGIN CERTIFICATE-----");
  }
  out.outbound.ca_file = std::move(path);
}

void ReadAdmin(Section& top, const std::string& folder, Config& out) {
  std::string text;
  if (top.Read("admin", text)) {
    bool remote = false;
    top.Read("allow_remote_admin", remote);
    auto address = ParseListenAddress(text);
    if (!address || !address->unix_path.empty()) {
      top.Report("admin", "is not an address", "write admin = \"127.0.0.1:9090\"");
    } else if (!IsLoopback(*address) && !remote) {
      top.Report("admin", "is not a loopback address: health would be open to the network",
                 "use 127.0.0.1, or spell it out: allow_remote_admin = true");
    } else {
      out.gateway.admin.tcp = *std::move(address);
    }
  }
  std::string socket;
  top.Read("admin_socket", socket);
  out.gateway.admin.socket_path = socket.empty() ? out.sqlite_path + ".sock" : InFolder(folder, socket);
  if (out.gateway.admin.socket_path.size() > kMaxSocketPath) {
    top.Report(socket.empty() ? "store" : "admin_socket",
               fmt::format("the control socket's path is longer than {} bytes", kMaxSocketPath),
               "set admin_socket to a shorter one, e.g. \"/run/sallyport/admin.sock\"");
  }
}

void ReadNetworks(Section& top, Config& out) {
  for (const auto* item : top.Strings("aliases")) {
    if (auto origin = ParseOrigin(item->text)) {
      out.gateway.aliases.push_back(*std::move(origin));
    } else {
      top.ReportAt(item->line, "aliases", fmt::format("'{}' is not an origin", item->shown),
                   "write scheme, host and port only: \"https://www.example.com\"");
    }
  }
  for (const auto* item : top.Strings("internal_hosts")) {
    if (http::ParseAuthority(item->text)) {
      out.gateway.internal_hosts.push_back(item->text);
    } else {
      top.ReportAt(item->line, "internal_hosts", fmt::format("'{}' is not a host", item->shown),
                   "write HOST or HOST:PORT, as it stands in the Host header");
    }
  }
  for (const auto* item : top.Strings("trusted_proxies")) {
    if (auto network = http::Cidr::Parse(item->text)) {
      out.gateway.trusted_proxies.push_back(*network);
    } else {
      top.ReportAt(item->line, "trusted_proxies", fmt::format("'{}' is not a network", item->shown),
                   "write an address or CIDR without bits beyond the prefix: \"10.0.0.0/8\"");
    }
  }
}

}  // namespace

std::string InFolder(const std::string& folder, const std::string& path) {
  if (path.empty() || path.starts_with('/') || folder.empty()) return path;
  return (std::filesystem::path(folder) / path).string();
}

bool CheckUrl(Section& section, std::string_view key, std::string& out) {
  std::string text;
  if (!section.Read(key, text)) return false;
  if (!ParseUrl(text)) {
    section.Report(key, "is not an absolute http(s) URL", "write it whole: \"http://127.0.0.1:4000/login\"");
    return false;
  }
  out = std::move(text);
  return true;
}

void ReadGeneral(Section& top, const std::string& folder, Config& out) {
  ReadPublicUrl(top, out);
  ReadListen(top, out);
  ReadStore(top, folder, out);
  ReadRetention(top, out);
  ReadOutbound(top, folder, out);
  ReadAdmin(top, folder, out);
  ReadNetworks(top, out);
  out.workers = 0;
  top.ReadNumber("workers", out.workers, 0, 256);
  if (out.workers == 0) out.workers = std::max(1u, std::thread::hardware_concurrency());
  top.Read("drain_limit", out.drain_limit, Duration(0), std::chrono::hours(1));
  if (top.Read("search_answers", out.gateway.search_answers) && out.gateway.search_answers) {
    out.warnings.push_back("search_answers is on: every answer's body is searched, for development and tests.");
  }
}

}  // namespace sallyport::config
