// SPDX-License-Identifier: Apache-2.0
import Provider from 'oidc-provider';

const port = Number(process.env.PORT);
new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: 'bench', client_secret: 'bench-secret', redirect_uris: [process.env.REDIRECT_URI] }],
  features: { devInteractions: { enabled: true } },
  pkce: { required: () => false },
  cookies: { keys: ['a key of the benchmark'] },
}).listen(port, '127.0.0.1');
