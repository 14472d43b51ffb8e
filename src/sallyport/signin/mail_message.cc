// SPDX-License-Identifier: Apache-2.0
#include "sallyport/signin/mail_message.h"

#include <algorithm>

#include "sallyport/jose/base64.h"

namespace sallyport::signin {
namespace {

constexpr std::size_t kBase64Line = 76;
constexpr std::size_t kWordBytes = 42;   // 56 characters of base64: "=?UTF-8?B?" … "?=" stays below 75
constexpr std::string_view kPartHead = "Content-Transfer-Encoding: base64\r\n\r\n";

bool IsControl(unsigned char c) { return c < 0x20 || c == 0x7f; }
bool HasControl(std::string_view text) { return std::ranges::any_of(text, IsControl); }
bool IsAscii(std::string_view text) {
  return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

bool IsAddress(std::string_view text) {
  const auto bad = [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '<' || c == '>' || c == ',' || c == '"'; };
  return text.size() <= 320 && std::ranges::none_of(text, bad) && std::ranges::count(text, '@') == 1 &&
         !text.starts_with('@') && !text.ends_with('@');
}

// RFC 2047 §2, cut between code points; continuation lines begin with a space.
std::string EncodedWords(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    auto size = std::min(kWordBytes, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + jose::EncodeBase64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

std::string Unstructured(std::string_view text) {
  const bool plain = IsAscii(text) && text.size() <= 60 && text.find("=?") == text.npos;
  return plain ? std::string(text) : EncodedWords(text);
}

// A display name before <address>: words, or a quoted string, or encoded words (RFC 5322 §3.2.5).
std::string Phrase(std::string_view name) {
  if (!IsAscii(name) || name.size() > 60) return EncodedWords(name);
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' '; };
  if (std::ranges::all_of(name, is_word)) return std::string(name);
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

struct Mailbox {
  std::string name, address;
};

Result<Mailbox> ParseMailbox(std::string_view text) {
  if (HasControl(text)) return Fail(Errc::kInvalidMail, "control character in an address");
  Mailbox out;
  if (text.ends_with('>')) {
    const auto open = text.rfind('<');
    if (open == text.npos) return Fail(Errc::kInvalidMail, "not an address");
    out.address = text.substr(open + 1, text.size() - open - 2);
    out.name = text.substr(0, open);
    while (out.name.ends_with(' ')) out.name.pop_back();
    if (out.name.size() >= 2 && out.name.starts_with('"') && out.name.ends_with('"')) out.name = out.name.substr(1, out.name.size() - 2);
  } else {
    out.address = text;
  }
  if (!IsAddress(out.address)) return Fail(Errc::kInvalidMail, "not an address");
  return out;
}

void AppendPart(std::string& out, std::string_view boundary, std::string_view type, std::string_view lf_lines) {
  std::string body;
  for (const char c : lf_lines) body += c == '\n' ? "\r\n" : std::string(1, c);
  out += "--";
  out += boundary;
  out += "\r\nContent-Type: ";
  out += type;
  out += "; charset=utf-8\r\n";
  out += kPartHead;
  const auto encoded = jose::EncodeBase64(body);
  for (std::size_t at = 0; at < encoded.size(); at += kBase64Line) out += encoded.substr(at, kBase64Line) + "\r\n";
}

std::string MailDate(Timestamp at) {
  auto date = ToHttpDate(at);
  return date.substr(0, date.size() - 3) + "+0000";
}

Result<std::string> ReadPart(std::string_view message, std::size_t& at) {
  const auto head = message.find(kPartHead, at);
  if (head == message.npos) return Fail(Errc::kInvalidMail, "a part is missing");
  const auto begin = head + kPartHead.size();
  const auto end = message.find("--", begin);
  if (end == message.npos) return Fail(Errc::kInvalidMail, "a part does not end");
  std::string encoded;
  for (const char c : message.substr(begin, end - begin)) {
    if (c != '\r' && c != '\n') encoded += c;
  }
  SALLYPORT_TRY(std::string body, jose::DecodeBase64(encoded));
  std::erase(body, '\r');
  at = end;
  return body;
}

}  // namespace

Result<std::string> BuildMessage(const MailMessage& message) {
  SALLYPORT_TRY(const auto from, ParseMailbox(message.from));
  if (!IsAddress(message.to)) return Fail(Errc::kInvalidMail, "the recipient is not an address");
  if (HasControl(message.subject)) return Fail(Errc::kInvalidMail, "control character in the subject");
  const auto is_id = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); };
  if (message.unique_id.empty() || !std::ranges::all_of(message.unique_id, is_id)) return Fail(Errc::kInvalidMail, "unique_id");

  const auto boundary = "=_" + message.unique_id;
  std::string out = "From: ";
  out += from.name.empty() ? from.address : Phrase(from.name) + " <" + from.address + ">";
  out += "\r\nTo: " + message.to;
  out += "\r\nSubject: " + Unstructured(message.subject);
  out += "\r\nDate: " + MailDate(message.date);
  out += "\r\nMessage-ID: <" + message.unique_id + from.address.substr(from.address.find('@')) + ">";
  // RFC 3834: vacation programs do not answer.
  out += "\r\nAuto-Submitted: auto-generated";
  out += "\r\nMIME-Version: 1.0";
  out += "\r\nContent-Type: multipart/alternative; boundary=\"" + boundary + "\"\r\n\r\n";
  AppendPart(out, boundary, "text/plain", message.text);
  AppendPart(out, boundary, "text/html", message.html);
  out += "--" + boundary + "--\r\n";
  return out;
}

Result<MailBodies> ReadBodies(std::string_view message) {
  std::size_t at = 0;
  MailBodies bodies;
  SALLYPORT_TRY(bodies.text, ReadPart(message, at));
  SALLYPORT_TRY(bodies.html, ReadPart(message, at));
  return bodies;
}

}  // namespace sallyport::signin
