// SPDX-License-Identifier: Apache-2.0
// As differential.test.mjs, with sign-in at a real identity provider (oidc-provider).
import { startOidcProvider } from '../../e2e/support/oidc_provider.mjs';
import { freePort } from '../../e2e/support/processes.mjs';
import { providerSteps } from './provider_steps.mjs';
import { runDifferential } from './run_differential.mjs';

async function provider() {
  const port = await freePort();
  const op = await startOidcProvider({ origin: `http://localhost:${port}`, client: { client_secret: 'a-plain-secret-of-the-tests' }, settings: { conformIdTokenClaims: false } });
  const walk = (url, login) => op.walk(url, login === null ? { abort: true } : { login });
  return { port, op, walk, stop: op.stop };
}

await runDifferential({
  steps: providerSteps,
  table: new URL('./differences_provider.json', import.meta.url),
  reference: async () => {
    const { op, ...rest } = await provider();
    return { ...rest, op: { issuer: op.issuer, clientId: op.client.client_id, clientSecret: op.client.client_secret } };
  },
  gate: async () => {
    const { op, ...rest } = await provider();
    return { ...rest, extra: op.toml() };
  },
});
