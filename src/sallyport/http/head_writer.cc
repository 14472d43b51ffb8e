// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/head_writer.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "sallyport/http/char_class.h"
#include "sallyport/http/field_list.h"

namespace sallyport::http {
namespace {

char* Put(char* at, std::string_view text) {
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

char* PutField(char* at, std::string_view name, std::string_view value) {
  at = Put(at, name);
  *at++ = ':';
  *at++ = ' ';
  at = Put(at, value);
  *at++ = '\r';
  *at++ = '\n';
  return at;
}

constexpr std::size_t SizeOf(const HeaderField& field) { return field.name.size() + field.value.size() + 4; }
const char* EndOf(std::string_view text) { return text.data() + text.size(); }

// Received as it would be written: "Name: value".
bool IsPlain(const HeaderField& field) {
  const char* const colon = EndOf(field.name);
  return field.value.data() == colon + 2 && colon[0] == ':' && colon[1] == ' ';
}

// A head arrives with its lines in one piece: neighbours that both stay are copied together.
bool Follows(const HeaderField& previous, const HeaderField& field) {
  const char* const cr = EndOf(previous.value);
  return field.name.data() == cr + 2 && cr[0] == '\r' && cr[1] == '\n' && IsPlain(field);
}

char* PutReceived(char* at, std::span<const HeaderField> received, const FieldMask& drop) {
  for (std::size_t i = 0; i < received.size();) {
    if (drop[i]) {
      ++i;
      continue;
    }
    const HeaderField& first = received[i++];
    if (!IsPlain(first)) {
      at = PutField(at, first.name, first.value);
      continue;
    }
    const HeaderField* last = &first;
    while (i < received.size() && !drop[i] && Follows(*last, received[i])) last = &received[i++];
    at = Put(at, {first.name.data(), static_cast<std::size_t>(EndOf(last->value) - first.name.data())});
    at = Put(at, "\r\n");
  }
  return at;
}

constexpr HeaderIdSet kHopByHop = {HeaderId::kConnection,        HeaderId::kKeepAlive,         HeaderId::kTe,
                                   HeaderId::kTrailer,           HeaderId::kTransferEncoding,  HeaderId::kUpgrade,
                                   HeaderId::kHttp2Settings,     HeaderId::kProxyAuthenticate, HeaderId::kProxyAuthorization,
                                   HeaderId::kProxyConnection};

bool IsProxyField(std::string_view name) {
  constexpr std::string_view kProxy = "proxy";
  return name.size() >= kProxy.size() && (name[0] | 0x20) == 'p' && EqualsIgnoreCase(name.substr(0, kProxy.size()), kProxy) &&
         (name.size() == kProxy.size() || name[kProxy.size()] == '-');
}

void MarkNamedByConnection(const HeaderTable& fields, std::string_view list, FieldMask& mask) {
  ListCursor cursor(list);
  for (std::string_view token; cursor.Next(token);) {
    if (EqualsIgnoreCase(token, "keep-alive") || EqualsIgnoreCase(token, "close")) continue;
    const auto all = fields.fields();
    for (std::size_t i = 0; i < all.size(); ++i) {
      // Without these two the message would mean something else: nobody may strip them by naming them.
      if (all[i].id == HeaderId::kContentLength || all[i].id == HeaderId::kHost) continue;
      if (EqualsIgnoreCase(all[i].name, token)) mask.set(i);
    }
  }
}

}  // namespace

bool IsFieldValue(std::string_view value) {
  if (!value.empty() && (IsBlank(value.front()) || IsBlank(value.back()))) return false;
  return std::all_of(value.begin(), value.end(), [](char c) { return Is(c, char_class::kFieldText); });
}

bool IsFieldName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return Is(c, char_class::kToken); });
}

void WriteHead(std::string& out, std::string_view start_line, std::span<const HeaderField> received, const HeadEdits& edits) {
  std::size_t size = start_line.size() + 2 + edits.raw_block.size() + 2;
  for (std::size_t i = 0; i < received.size(); ++i)
    if (!edits.drop[i]) size += SizeOf(received[i]);
  for (const HeaderField& field : edits.add) {
    assert(IsFieldName(field.name) && IsFieldValue(field.value));
    size += SizeOf(field);
  }
  assert(edits.raw_block.empty() || edits.raw_block.ends_with("\r\n"));
  const std::size_t before = out.size();
  out.resize_and_overwrite(before + size, [&](char* data, std::size_t) {
    char* at = Put(data + before, start_line);
    at = Put(at, "\r\n");
    at = PutReceived(at, received, edits.drop);
    for (const HeaderField& field : edits.add) at = PutField(at, field.name, field.value);
    at = Put(at, edits.raw_block);
    at = Put(at, "\r\n");
    return static_cast<std::size_t>(at - data);
  });
  assert(out.size() == before + size);
}

void MarkHopByHop(const HeaderTable& fields, FieldMask& mask) {
  const auto all = fields.fields();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].id == HeaderId::kOther ? IsProxyField(all[i].name) : kHopByHop.Has(all[i].id)) mask[i] = true;
    if (all[i].id == HeaderId::kConnection) MarkNamedByConnection(fields, all[i].value, mask);
  }
}

}  // namespace sallyport::http
