// SPDX-License-Identifier: Apache-2.0
// What a browser's head costs to parse, frame and write again.
#include <benchmark/benchmark.h>

#include "sallyport/http/framing.h"
#include "sallyport/http/head_writer.h"

namespace sallyport::http {
namespace {

constexpr std::string_view kBrowserHead =
    "GET /dashboard/projects/42/items?page=3&sort=updated HTTP/1.1\r\n"
    "Host: app.example.com\r\n"
    "Connection: keep-alive\r\n"
    "sec-ch-ua: \"Chromium\";v=\"130\", \"Google Chrome\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\n"
    "sec-ch-ua-mobile: ?0\r\n"
    "sec-ch-ua-platform: \"Linux\"\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-User: ?1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Referer: https://app.example.com/dashboard\r\n"
    "Accept-Encoding: gzip, deflate, br, zstd\r\n"
    "Accept-Language: en-GB,en;q=0.9,de;q=0.8\r\n"
    "Cookie: __Secure-authjs.session-token=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6; XSRF-TOKEN=3q2-7wAAAAAAAAAAAAAAAAAA; theme=dark\r\n"
    "\r\n";

void ParseRequestHead_Browser(benchmark::State& state) {
  RequestHead head;
  const HeadLimits limits;
  for (auto _ : state) {
    auto used = ParseRequestHead(kBrowserHead, 0, limits, head);
    if (!used || *used != kBrowserHead.size()) state.SkipWithError("not parsed");
    benchmark::DoNotOptimize(head);
  }
}
BENCHMARK(ParseRequestHead_Browser);

void FrameRequest_Browser(benchmark::State& state) {
  RequestHead head;
  (void)ParseRequestHead(kBrowserHead, 0, {}, head);
  for (auto _ : state) benchmark::DoNotOptimize(FrameRequest(head));
}
BENCHMARK(FrameRequest_Browser);

void WriteHead_Browser(benchmark::State& state) {
  RequestHead head;
  (void)ParseRequestHead(kBrowserHead, 0, {}, head);
  const HeaderField added[] = {{"Authorization", "Bearer x"}, {"X-Forwarded-For", "203.0.113.9"}, {"X-Auth-Csrf", "3q2-7wAA"}};
  std::string out;
  out.reserve(4096);
  for (auto _ : state) {
    out.clear();
    HeadEdits edits;
    MarkHopByHop(head.fields, edits.drop);
    edits.add = added;
    WriteHead(out, "GET / HTTP/1.1", head.fields.fields(), edits);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK(WriteHead_Browser);

}  // namespace
}  // namespace sallyport::http
