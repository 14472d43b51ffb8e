// SPDX-License-Identifier: Apache-2.0
// As differential.test.mjs, with sign-in by mail: the packages' own e-mail provider and an adapter in memory beside ours.
import { linkIn, startSmtpSink } from '../../e2e/support/smtp_sink.mjs';
import { emailSteps } from './email_steps.mjs';
import { runDifferential } from './run_differential.mjs';

async function gate() {
  const sink = await startSmtpSink();
  return {
    extra: `[signin.email]\nsmtp = "${sink.url}"\nfrom = "Example <no-reply@example.com>"\nsign_in = true\nallow_registration = true`,
    tokenFor: async (address) => new URL(linkIn((await sink.to(address)).text)).searchParams.get('token'),
    stop: () => sink.stop(),
  };
}

await runDifferential({ steps: emailSteps, table: new URL('./differences_email.json', import.meta.url), reference: { email: true }, gate });
