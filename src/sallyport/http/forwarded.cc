// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/forwarded.h"

#include <algorithm>
#include <optional>
#include <string>

#include "sallyport/http/char_class.h"

namespace sallyport::http {
namespace {

// "192.0.2.1", "192.0.2.1:80", "2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:80".
std::optional<IpAddress> ParseNode(std::string_view text) {
  if (text.starts_with('[')) {
    const auto bracket = text.find(']');
    if (bracket == std::string_view::npos) return std::nullopt;
    const std::string_view rest = text.substr(bracket + 1);
    if (!rest.empty() && (rest.size() < 2 || rest[0] != ':')) return std::nullopt;
    const auto address = IpAddress::Parse(text.substr(1, bracket - 1));
    return address;
  }
  const auto colon = text.find(':');
  if (colon != std::string_view::npos && text.find(':', colon + 1) == std::string_view::npos) text = text.substr(0, colon);
  return IpAddress::Parse(text);
}

std::string_view KnownProto(std::string_view proto) {
  if (EqualsIgnoreCase(proto, "https")) return "https";
  return EqualsIgnoreCase(proto, "http") ? "http" : "";
}

// One forwarded-element (RFC 7239 §4), values unquoted; no escapes are needed in any value we read.
struct Element {
  std::string_view node, proto, host;
};

bool TakeValue(std::string_view& rest, std::string_view& value) {
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find_first_of(";, \t\""), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    // Proxies write IPv6 and ports without the quotes that the RFC asks for; harmless.
    return !value.empty();
  }
  const auto quote = rest.find('"', 1);
  if (quote == std::string_view::npos) return false;
  value = rest.substr(1, quote - 1);
  rest.remove_prefix(quote + 1);
  return value.find('\\') == std::string_view::npos;
}

void TrimFront(std::string_view& rest) {
  while (!rest.empty() && IsBlank(rest.front())) rest.remove_prefix(1);
}

// Takes the first element off `rest`. False: not well formed, `rest` is of no more use.
bool TakeElement(std::string_view& rest, Element& out) {
  out = {};
  for (;;) {
    TrimFront(rest);
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos) return false;
    const std::string_view name = rest.substr(0, equals);
    rest.remove_prefix(equals + 1);
    std::string_view value;
    if (!TakeValue(rest, value)) return false;
    std::string_view* const slot = EqualsIgnoreCase(name, "for")     ? &out.node
                                   : EqualsIgnoreCase(name, "proto") ? &out.proto
                                   : EqualsIgnoreCase(name, "host")  ? &out.host
                                                                     : nullptr;
    if (slot != nullptr && !slot->empty()) return false;
    if (slot != nullptr) *slot = value;
    TrimFront(rest);
    if (rest.empty()) return true;
    const char separator = rest.front();
    rest.remove_prefix(1);
    if (separator == ',') return true;
    if (separator != ';') return false;
  }
}

// Visits the entries of all fields of `id`, last one first, until `visit` returns false.
template <class Visit>
void VisitXForwardedFor(const HeaderTable& fields, Visit visit) {
  const auto all = fields.fields();
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].id != HeaderId::kXForwardedFor) continue;
    std::string_view rest = all[i].value;
    for (;;) {
      const auto comma = rest.rfind(',');
      const std::string_view entry = Trim(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
      if (!visit(ParseNode(entry))) return;
      if (comma == std::string_view::npos) break;
      rest = rest.substr(0, comma);
    }
  }
}

template <class Visit>
void VisitForwarded(const HeaderTable& fields, Visit visit) {
  const auto all = fields.fields();
  std::vector<Element> elements;
  for (std::size_t i = all.size(); i-- > 0;) {
    if (all[i].id != HeaderId::kForwarded) continue;
    elements.clear();
    Element element;
    for (std::string_view rest = all[i].value; !Trim(rest).empty();) {
      if (!TakeElement(rest, element)) return;
      elements.push_back(element);
    }
    for (std::size_t e = elements.size(); e-- > 0;)
      if (!visit(elements[e])) return;
  }
}

std::string_view LastOf(const HeaderTable& fields, HeaderId id) {
  const auto all = fields.fields();
  for (std::size_t i = all.size(); i-- > 0;)
    if (all[i].id == id) return Trim(all[i].value.substr(all[i].value.rfind(',') + 1));
  return {};
}

}  // namespace

bool TrustedProxies::Contains(const IpAddress& address) const {
  return std::any_of(networks_.begin(), networks_.end(), [&](const Cidr& network) { return network.Contains(address); });
}

ClientAddress ResolveClient(const IpAddress& peer, const HeaderTable& fields, const TrustedProxies& proxies,
                            ForwardedSyntax syntax) {
  ClientAddress client;
  client.address = peer;
  client.through_proxy = proxies.Contains(peer);
  if (!client.through_proxy) return client;

  const auto step = [&](const std::optional<IpAddress>& node) {
    if (!node) return false;
    client.address = *node;
    return proxies.Contains(*node);
  };
  if (syntax == ForwardedSyntax::kXForwardedFor) {
    VisitXForwardedFor(fields, step);
    client.proto = KnownProto(LastOf(fields, HeaderId::kXForwardedProto));
    client.host = LastOf(fields, HeaderId::kXForwardedHost);
    return client;
  }
  bool nearest = true;
  VisitForwarded(fields, [&](const Element& element) {
    if (nearest) {
      client.proto = KnownProto(element.proto);
      client.host = element.host;
      nearest = false;
    }
    return step(ParseNode(element.node));
  });
  return client;
}

}  // namespace sallyport::http
