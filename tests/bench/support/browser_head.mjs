// SPDX-License-Identifier: Apache-2.0
// The head of a fetch as Chromium sends it from a page of `origin`.
export const browserHead = (origin, { host = new URL(origin).host, cookies = '' } = {}) => ({
  Host: host, Connection: 'keep-alive', 'sec-ch-ua-platform': '"Linux"', 'X-Requested-With': 'XMLHttpRequest',
  'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  Accept: 'application/json, text/plain, */*', 'sec-ch-ua': '"Chromium";v="142", "Not_A Brand";v="99"', 'sec-ch-ua-mobile': '?0',
  'Sec-Fetch-Site': 'same-origin', 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty', Referer: `${origin}/dashboard`,
  'Accept-Encoding': 'gzip, deflate, br, zstd', 'Accept-Language': 'en-GB,en;q=0.9,de;q=0.8',
  Cookie: `theme=dark; _consent=1${cookies ? `; ${cookies}` : ''}`,
});
