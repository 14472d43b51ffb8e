// SPDX-License-Identifier: Apache-2.0
#include "sallyport/http/response_head.h"

#include <algorithm>

#include "sallyport/http/char_class.h"
#include "sallyport/http/field_parser.h"

namespace sallyport::http {
namespace {

// "HTTP/1.1 200 OK\r\n". Some servers leave out the space behind the code when there is no phrase.
StartLine ParseStatusLine(const char*& position, const char* end, ResponseHead& out) {
  constexpr std::string_view kProtocol = "HTTP/";
  const char* at = position;
  const std::string_view seen(at, std::min(kProtocol.size(), static_cast<std::size_t>(end - at)));
  if (seen != kProtocol.substr(0, seen.size())) return {ParseStatus::kMalformed};
  if (end - at < 13) return {ParseStatus::kPartial};
  if (!IsDigit(at[5]) || at[6] != '.' || !IsDigit(at[7]) || at[8] != ' ') return {ParseStatus::kMalformed};
  if (at[5] != '1' || at[7] > '1') return {ParseStatus::kMalformed, Errc::kVersion};
  out.minor_version = static_cast<std::uint8_t>(at[7] - '0');
  if (!IsDigit(at[9]) || !IsDigit(at[10]) || !IsDigit(at[11])) return {ParseStatus::kMalformed};
  out.status = static_cast<std::uint16_t>((at[9] - '0') * 100 + (at[10] - '0') * 10 + (at[11] - '0'));
  if (out.status < 100 || out.status > 599) return {ParseStatus::kMalformed};
  at += 12;
  if (*at != ' ' && *at != '\r') return {ParseStatus::kMalformed};
  if (*at == ' ') ++at;
  const char* const reason = at;
  at = ScanFieldText(at, end);
  out.reason = Trim({reason, static_cast<std::size_t>(at - reason)});
  if (end - at < 2) return {at < end && *at != '\r' ? ParseStatus::kMalformed : ParseStatus::kPartial};
  if (at[0] != '\r' || at[1] != '\n') return {ParseStatus::kMalformed};
  position = at + 2;
  return {ParseStatus::kDone};
}

}  // namespace

Result<std::size_t> ParseResponseHead(std::string_view buffer, std::size_t already_scanned, const HeadLimits& limits,
                                      ResponseHead& out) {
  return ParseHead(buffer, already_scanned, limits, out.fields, "status line",
                   [&](const char*& at, const char* end) { return ParseStatusLine(at, end, out); });
}

std::string_view ReasonPhrase(std::uint16_t status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 103: return "Early Hints";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 203: return "Non-Authoritative Information";
    case 204: return "No Content";
    case 205: return "Reset Content";
    case 206: return "Partial Content";
    case 300: return "Multiple Choices";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 425: return "Too Early";
    case 426: return "Upgrade Required";
    case 428: return "Precondition Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 451: return "Unavailable For Legal Reasons";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    case 507: return "Insufficient Storage";
    case 511: return "Network Authentication Required";
    default: return "";
  }
}

}  // namespace sallyport::http
